import type { TextChange } from '@selfheal/contracts';

/** An edit to be tried. */
export interface RepairCandidate {
  /** Equal candidates change the same characters to the same text. */
  readonly id: string;
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly changes: readonly TextChange[];
  /** Prior of the operator x naturalness x suspicion, 0..1. */
  readonly score: number;
  /** Prior of the operator x naturalness alone. */
  readonly naturalness: number;
}

/** Several changes as one candidate. Undefined where they touch the same text. */
export function combine(a: RepairCandidate, b: RepairCandidate): RepairCandidate | undefined {
  const touch = a.changes.some((one) =>
    b.changes.some((other) => one.file === other.file && one.start <= other.end && other.start <= one.end),
  );
  if (touch) return undefined;
  const [first, second] = a.id < b.id ? [a, b] : [b, a];
  return {
    ...first,
    id: `${first.id} & ${second.id}`,
    operator: `${first.operator} + ${second.operator}`,
    changes: [...first.changes, ...second.changes],
    score: a.score * b.score,
    naturalness: a.naturalness * b.naturalness,
  };
}
