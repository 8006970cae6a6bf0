export { describeConfinement } from './confine/describe-confinement.ts';
export { applyEdits } from './edits.ts';
export { type CommitEditsRequest, commitEdits } from './git/commit-edits.ts';
export { createSandbox, type SandboxOptions } from './sandbox.ts';
