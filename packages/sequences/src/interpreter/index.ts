/**
 * The interpreter: what a workflow sandbox may load. It imports nothing but the error registry.
 */
export { allBeats } from './all-beats.ts';
export { compilePattern, evaluateCondition } from './condition.ts';
export { beatError, isRetryable } from './failure.ts';
export { interpret } from './interpret.ts';
export { mapInput, mapValue } from './mapping.ts';
export { isPath, isReference, type ParsedPath, parsePath, resolvePath, type Scope } from './path.ts';
export * from './plan.ts';
export { runPool } from './pool.ts';
export { remediatedBeats } from './remediated-beats.ts';
export { DEFAULT_RETRY, retryDelayMs, withRetry } from './retry.ts';
export type * from './runtime.ts';
export { type Dependent, type Ordered, topologicalOrder } from './topological-order.ts';
