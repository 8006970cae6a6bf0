import type { FeatureExample, Invocation } from './invocation.ts';

/** What the invocations of one operation of a service have in them, and how often. */
export interface OperationCount {
  readonly service: string;
  readonly operation: string;
  readonly invocations: Invocation[];
  readonly features: Map<string, { count: number; examples: FeatureExample[] }>;
}

/** Keyed by service and operation. */
export function countByOperation(invocations: readonly Invocation[]): Map<string, OperationCount> {
  const counts = new Map<string, OperationCount>();
  for (const invocation of invocations) {
    const key = operationKey(invocation);
    const count: OperationCount = counts.get(key) ?? {
      service: invocation.service,
      operation: invocation.operation,
      invocations: [],
      features: new Map(),
    };
    counts.set(key, count);
    count.invocations.push(invocation);
    for (const [feature, example] of invocation.features) {
      const entry = count.features.get(feature) ?? { count: 0, examples: [] };
      count.features.set(feature, entry);
      entry.count += 1;
      if (entry.examples.length < 3) entry.examples.push(example);
    }
  }
  return counts;
}

export function operationKey(invocation: Invocation): string {
  return `${invocation.service}\n${invocation.operation}`;
}
