export * from './codebase/index.ts';
export * from './docs/index.ts';
export * from './integrity/index.ts';
export * from './locate/index.ts';
export * from './patch/index.ts';
export * from './search/index.ts';
export * from './templates/index.ts';
export * from './testgen/index.ts';
