export { type CodebaseOptions, type CoverageRecords, createCodebase, type RunHeavy } from './create-codebase.ts';
export { defaultBranch } from './default-branch.ts';
export { functionsOfFile } from './file-functions.ts';
export { type CodebaseMeta, indexCodebase } from './index-codebase.ts';
export { readSnapshot } from './read-snapshot.ts';
export { isProductionSource, type SourceKind, sourceKind } from './source-kind.ts';
