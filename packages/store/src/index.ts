export { claimEngine, type EngineClaim, type EngineDetails, type EngineInfo, readEngine } from './engine/engine-claim.ts';
export { withFileLock } from './engine/file-lock.ts';
export { createBlobs, type FileBlobs, type SweepLimits } from './files/blobs.ts';
export { migrateStore, openStore, type Store, type StoreOptions } from './open-store.ts';
