import type { Handler } from '@selfheal/contracts';

/**
 * validation.run, movement load. Opens the run for one patch.
 * Reads: its input. Writes: nothing. Fails: never.
 */
export const validateRequested: Handler<'validateRequested'> = ({ projectId, incidentId, patchId }) => ({ projectId, incidentId, patchId });
