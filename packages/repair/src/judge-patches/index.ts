export { type JudgedPatch, type JudgeInput, judgePatches, type ObservedPatch } from './judge-patches.ts';
export { probeInputs } from './probe-inputs.ts';
