import { type Handler, SelfhealError } from '@selfheal/contracts';

const DEFAULT_LOOKBACK_MS = 24 * 3_600_000;

/**
 * Sequence anomaly.detect, movement Load. Settles the window: `from` and `to` where given, else the time before `now`.
 * Both ends belong to it, so one moment is a window.
 * Reads: nothing. Writes: nothing. Fails with INPUT_INVALID where the window ends before it begins.
 */
export const detectAnomaliesRequested: Handler<'detectAnomaliesRequested'> = ({ projectId, now, lookbackMs, from, to }) => {
  const end = to ?? now;
  const start = from ?? end - (lookbackMs ?? DEFAULT_LOOKBACK_MS);
  if (!(start <= end))
    throw new SelfhealError('INPUT_INVALID', 'the window ends before it begins', {
      where: { from: start, to: end, project: projectId },
    });
  return { projectId, now, window: { from: start, to: end } };
};
