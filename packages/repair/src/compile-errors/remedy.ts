import type { TextChange } from '@selfheal/contracts';
import type { CompileError } from './compile-error.ts';

/** An edit that takes errors away and brings none. */
export interface Remedy {
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly changes: readonly TextChange[];
  readonly naturalness: number;
  /** Keys of the errors that it takes away. */
  readonly removes: ReadonlySet<string>;
  /** No error is left with it alone. */
  readonly isWhole: boolean;
}

const MOST_VARIATIONS = 32;
/** What takes away several errors at once is likelier their cause. */
export const EACH_MORE = 0.25;

/** Remedies that together answer as many errors as they can; the likeliest first, and none that touches what another changes. */
export function cover(errors: readonly CompileError[], remedies: readonly Remedy[]): Remedy[] {
  const left = new Set(errors.map(({ key }) => key));
  const chosen: Remedy[] = [];
  for (;;) {
    const next = remedies
      .map((remedy) => ({ remedy, worth: worth(remedy, left) }))
      .filter(({ remedy, worth: value }) => value > 0 && chosen.every((other) => !touch(other, remedy)))
      .sort((a, b) => b.worth - a.worth)[0]?.remedy;
    if (next === undefined) return chosen;
    chosen.push(next);
    for (const key of next.removes) left.delete(key);
  }
}

function worth({ removes, naturalness }: Remedy, left: ReadonlySet<string>): number {
  const counted = [...removes].filter((key) => left.has(key)).length;
  return counted === 0 ? 0 : naturalness * (1 + EACH_MORE * (counted - 1));
}

/** The choice itself, and each with one remedy replaced by another that answers the same errors. */
export function variationsOf(chosen: readonly Remedy[], remedies: readonly Remedy[], errors: readonly CompileError[]): Remedy[][] {
  const found: Remedy[][] = [[...chosen]];
  const all = new Set(errors.map(({ key }) => key));
  for (const other of [...remedies].sort((a, b) => worth(b, all) - worth(a, all))) {
    if (chosen.includes(other)) continue;
    const kept = chosen.filter((one) => !touch(one, other) && [...one.removes].some((key) => !other.removes.has(key)));
    found.push([...kept, other]);
    if (found.length >= MOST_VARIATIONS) break;
  }
  return found;
}

function touch(a: Remedy, b: Remedy): boolean {
  return a.changes.some((one) => b.changes.some((other) => one.file === other.file && one.start <= other.end && other.start <= one.end));
}
