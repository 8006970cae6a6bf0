export { expectedValues } from './expected-values.ts';
export { generateCandidates } from './generate-candidates.ts';
export { parseFaults, recoverParse } from './recover-parse.ts';
export type { RepairCandidate } from './repair-candidate.ts';
export { type RepairSearchPorts, type RepairSearchResult, searchRepairs, type TrialOutcome, type Tried } from './search-repairs.ts';
