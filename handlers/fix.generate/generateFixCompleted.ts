import type { Handler } from '@selfheal/contracts';

/**
 * fix.generate, movement "complete": the outcome in one sentence.
 * Reads: what search and store found. Writes: nothing. Failures: none.
 */
export const generateFixCompleted: Handler<'generateFixCompleted'> = ({ found, why, patchId, patchHash, valid = true, remaining }) => {
  const usable = found && valid && patchId !== undefined && patchHash !== undefined;
  if (usable) return { found: true, patchId, patchHash, remaining, summary: `Fix found: ${why}` };
  const reason = found && !valid ? 'the patch that was found does not compile' : why;
  return { found: false, remaining, summary: `No fix: ${reason}` };
};
