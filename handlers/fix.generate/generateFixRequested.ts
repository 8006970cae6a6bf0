import type { Handler } from '@selfheal/contracts';

/**
 * fix.generate, movement "request": takes the request for a fix and gives it its defaults.
 * Reads: the input of the sequence. Writes: nothing. Failures: none.
 */
export const generateFixRequested: Handler<'generateFixRequested'> = ({ projectId, incidentId, diagnosisId, barred = [] }) => ({
  projectId,
  incidentId,
  diagnosisId,
  barred: [...new Set(barred)],
});
