/** The workflow bundle's entry: everything here runs in Temporal's sandbox. */
export { build } from './build.ts';
export { coordinator } from './coordinator.ts';
export { healIncident } from './heal-incident.ts';
export { housekeeping } from './housekeeping.ts';
export { ingest } from './ingest.ts';
export { remediateAgain } from './remediate-again.ts';
export { runSequence as default } from './run-sequence.ts';
export { sweep } from './sweep.ts';
