export { findWriteConfinement, type WriteConfinement } from './confine/confine-writes.ts';
export { describeConfinement } from './confine/describe-confinement.ts';
export { changedLines, symbolicLinks } from './git/changed-lines.ts';
export { type CommitEditsRequest, commitEdits } from './git/commit-edits.ts';
export { dropProposal } from './git/proposal-refs.ts';
export { compareGrowth, unmeasured } from './performance/compare-growth.ts';
export { type ComparisonOptions, comparePerformance, exceedsNoise } from './performance/compare-performance.ts';
export { createSandbox, type SandboxOptions } from './sandbox.ts';
