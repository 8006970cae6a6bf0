export { OtlpFault } from './otlp-fault.ts';
export { type DeliveredLine, type ExportLimits, type OtlpEncoding, type ReadExport, readExport } from './read-export.ts';
export { exportResponse, type RpcCode, statusBody } from './response.ts';
export type { Signal } from './signal.ts';
