/** Repair without telemetry. An entry of its own: with it comes the compiler, which an engine that only watches never needs. */
export { applyRepair } from './apply-repair.ts';
export type { RankedLine, RepairPatch, RepairReport } from './repair-report.ts';
export { repairRepository } from './repair-repository.ts';
export type { RepairRequest } from './repair-request.ts';
export { type Snapshot, takeSnapshot } from './snapshot.ts';
