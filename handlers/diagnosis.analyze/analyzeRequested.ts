import type { Handler } from '@selfheal/contracts';

/**
 * diagnosis.analyze, movement load. Takes the incident to diagnose.
 * Reads: the sequence's input. Writes: nothing. Fails: never.
 */
export const analyzeRequested: Handler<'analyzeRequested'> = ({ projectId, incidentId }) => ({ projectId, incidentId });
