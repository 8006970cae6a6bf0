import type { Handler } from '@selfheal/contracts';

/**
 * Sequence learning.track, movement Learn: how the fix did, in a sentence.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const trackCompleted: Handler<'trackCompleted'> = ({ effectivenessId, successful, verdict, why, insights }) => {
  const lesson = insights.find(({ kind }) => kind === 'template')?.text;
  return { effectivenessId, successful, verdict, summary: `${verdict}: ${why}${lesson === undefined ? '' : `; ${lesson}`}` };
};
