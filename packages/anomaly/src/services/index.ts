export { type DiagnoseOptions, diagnoseServices } from './diagnose-services.ts';
export { findFault, inTelemetryZone } from './find-fault.ts';
