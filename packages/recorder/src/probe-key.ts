/** The name of the global symbol under which the watching thread finds the probe, once. */
export const PROBE_KEY = 'selfheal.recorder.probe';
