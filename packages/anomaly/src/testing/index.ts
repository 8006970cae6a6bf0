export { codeOperation, coverageOf } from './code.ts';
export { type ErrorParts, errorOf, frame } from './errors.ts';
export { declaredFlow, flowOf, type VariantParts } from './flows.ts';
export { latency, normalFrom, randomFrom } from './random.ts';
export { anomalyOf, deploymentOf } from './records.ts';
export { type Call, line, type SnapshotParts, START, snapshotOf, statsOf } from './snapshot.ts';
