export {
  type ConfidenceModel,
  confidenceOf,
  type EditOutcomes,
  EVIDENCE,
  type ReliabilityBin,
  reliabilityAt,
} from './confidence.ts';
export { fittedConfidence } from './fitted-confidence.ts';
export { type JudgedPatch, judgePatches } from './judge-patches.ts';
export type { PatchEvidence } from './patch-evidence.ts';
export { probeInputs } from './probe-inputs.ts';
