export { CompileCheck, type CompileCheckOptions } from './compile-check.ts';
export type { CompileError } from './compile-error.ts';
export { findConfigs } from './find-configs.ts';
export { judgeByCompiler } from './judge-by-compiler.ts';
export { repairTypes, type TypeRepairRequest, type TypeRepairs } from './repair-types.ts';
