export { expectedValues } from './expected-values.ts';
export { type FoundRepairs, findRepairs, type RepairTask, suspectedLines } from './find-repairs.ts';
export { generateCandidates } from './generate-candidates.ts';
export { type ObservedTests, observeTests } from './observe-tests.ts';
export type { RepairCandidate } from './repair-candidate.ts';
export { type JournalKey, openTrialJournal, type TrialJournal } from './trial-journal.ts';
export { compileTrials, processTrials, type Trials, warmTrials } from './trials.ts';
export { judgeEdits, lineTrials, type TriedEdits, tryEdits } from './try-edits.ts';
