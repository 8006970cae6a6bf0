export type { Compaction, CompactionLimits } from './compact-batches.ts';
export { type LakeOptions, type OpenLake, openLake } from './open-lake.ts';
