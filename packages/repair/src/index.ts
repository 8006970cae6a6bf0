export * from './codebase/index.ts';
export * from './integrity/index.ts';
export * from './patch/index.ts';
