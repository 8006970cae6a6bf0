export { CompileCheck, type CompileCheckOptions } from './compile-check.ts';
export type { CompileError } from './compile-error.ts';
export { findConfigs } from './find-configs.ts';
export { judgeByCompiler } from './judge-by-compiler.ts';
export { parseFaults } from './parse/parse-faults.ts';
export { recoverParse } from './parse/recover-parse.ts';
export { repairTypes, type TypeRepairRequest, type TypeRepairs } from './repair-types.ts';
