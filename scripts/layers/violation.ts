import type { Edge } from './import-graph.ts';

/** A broken rule at a place; printed as `file:line: rule: message`. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule: 'direction' | 'temporal-only' | 'deep-import' | 'leaves-package' | 'unknown-package' | 'workflow-sandbox' | 'cycle';
  readonly message: string;
}

export function violationAt(edge: Edge, rule: Violation['rule'], message: string): Violation {
  return { file: edge.from.path, line: edge.line, rule, message };
}

export function formatViolation({ file, line, rule, message }: Violation): string {
  return `${file}:${line}: ${rule}: ${message}`;
}
