export * from './codebase/index.ts';
