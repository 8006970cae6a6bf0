import { type Meaning, sizeOf } from './meanings.ts';

/** What speaks for and against a plausible patch, as figures that are about linear in the log-odds. Absent: it could not be observed. */
export interface PatchEvidence {
  /** Agreement between candidates: log-odds of this meaning's part of the weight of all meanings, within ±5. */
  readonly share: number;
  /** Other meanings that pass the tests too, log(1 + n). */
  readonly rivals: number;
  /** Different edits that mean the same, log. */
  readonly agreeing: number;
  /** Log of the prior of the operator x the naturalness of the edit. */
  readonly naturalness: number;
  /** Minimality: tokens that the edit brings, log(1 + n). */
  readonly size: number;
  /** Two edits at once. */
  readonly pair: number;
  /** An edit that answers single inputs by name: a guard or a further condition. */
  readonly guard: number;
  /** Assertions, log(1 + n), and those that failed before. */
  readonly assertions: number;
  readonly failing: number;
  /** Part of the probe inputs on which the base gives a value and the patch gives another. */
  readonly changed?: number;
  /** Part of the probe inputs on which the base gives a value and the patch throws. */
  readonly throws?: number;
  /** Mutation check: part of the fix's mutants that behave otherwise and that the tests notice. */
  readonly killed?: number;
}

export interface Surroundings {
  readonly meanings: number;
  readonly failing: number;
  readonly assertions: number;
  /** What the base does on the probe inputs. */
  readonly base: readonly string[];
  /** Mutants of the fix; those that behave as the fix does are not counted. */
  readonly mutants?: { readonly killed: number; readonly total: number };
}

export function evidenceOf({ best, members, share }: Meaning, around: Surroundings): PatchEvidence {
  const { candidate, behaviour } = best;
  const odds = Math.log(Math.max(share, 1e-9) / Math.max(1 - share, 1e-9));
  const { mutants, base } = around;
  return {
    share: Math.max(-5, Math.min(5, odds)),
    rivals: Math.log1p(around.meanings - 1),
    agreeing: Math.log(members),
    naturalness: Math.log(Math.max(candidate.naturalness, 1e-6)),
    size: Math.log1p(sizeOf(candidate)),
    pair: candidate.operator.includes(' + ') ? 1 : 0,
    guard: /insert-guard|add-condition/.test(candidate.operator) ? 1 : 0,
    assertions: Math.log1p(around.assertions),
    failing: Math.log1p(around.failing),
    ...(behaviour.length === 0 || base.length === 0 ? {} : differences(base, behaviour)),
    ...(mutants === undefined || mutants.total === 0 ? {} : { killed: mutants.killed / mutants.total }),
  };
}

/** Outside the region where the base fails by throwing. */
function differences(base: readonly string[], behaviour: readonly string[]): { changed: number; throws: number } {
  const outside = base.flatMap((line, at) => (threw(line) ? [] : [{ before: line, after: behaviour[at] ?? '' }]));
  if (outside.length === 0) return { changed: 0, throws: 0 };
  const thrown = outside.filter(({ after }) => threw(after)).length;
  const other = outside.filter(({ before, after }) => before !== after).length;
  return { changed: other / outside.length, throws: thrown / outside.length };
}

function threw(line: string): boolean {
  return line.startsWith('throws ');
}
