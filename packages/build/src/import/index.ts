export { importBuild } from './import-build.ts';
export type { ImportedBuild } from './imported.ts';
