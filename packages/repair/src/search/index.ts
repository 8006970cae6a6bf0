export { probedValues } from './fill-probe.ts';
export { type ProposeInput, type ProposeResult, proposeCandidates } from './propose-candidates.ts';
export type { FixModels } from './proposed-fixes.ts';
export { type SearchInput, type SearchPorts, type SearchResult, searchCandidates } from './search-candidates.ts';
