export { type GeneratedTests, generateTests } from './generate-tests.ts';
export type { TestInput } from './test-context.ts';
