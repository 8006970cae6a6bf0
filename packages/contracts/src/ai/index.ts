export * from './config.ts';
export * from './context.ts';
export * from './decision.ts';
export * from './fixes.ts';
export * from './options.ts';
export * from './records.ts';
export * from './remediation.ts';
