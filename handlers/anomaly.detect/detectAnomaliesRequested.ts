import { type Handler, SelfhealError } from '@selfheal/contracts';

const DEFAULT_LOOKBACK_MS = 24 * 3_600_000;

/**
 * Sequence anomaly.detect, movement Load. Settles the window: `from` and `to` where given, else the time before `now`.
 * Reads: nothing. Writes: nothing. Fails with INPUT_INVALID where the window is empty.
 */
export const detectAnomaliesRequested: Handler<'detectAnomaliesRequested'> = ({ projectId, now, lookbackMs, from, to }) => {
  const end = to ?? now;
  const start = from ?? end - (lookbackMs ?? DEFAULT_LOOKBACK_MS);
  if (!(start < end))
    throw new SelfhealError('INPUT_INVALID', 'the window must begin before it ends', {
      where: { from: start, to: end, project: projectId },
    });
  return { projectId, now, window: { from: start, to: end } };
};
