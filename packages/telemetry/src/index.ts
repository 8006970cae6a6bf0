export { batchIdOf, quarantineId, storedSliceId } from './intake/record-ids.ts';
export * from './lake/index.ts';
export { type LogSourcesOptions, openLogSources } from './open-log-sources.ts';
