export { type ProposeInput, type ProposeResult, proposeCandidates } from './propose-candidates.ts';
