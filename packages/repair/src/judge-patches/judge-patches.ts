import type { RepairCandidate } from '../repair-search/repair-candidate.ts';

/** A plausible patch and what it does on the probe inputs; no lines where that could not be observed. */
export interface ObservedPatch {
  readonly candidate: RepairCandidate;
  readonly behaviour: readonly string[];
}

export interface JudgedPatch {
  readonly candidate: RepairCandidate;
  /** Probability that it means what a person would have written, 0..1. */
  readonly confidence: number;
  /** Plausible patches that behave alike on every probe, this one included. */
  readonly agreeing: number;
  readonly why: string;
}

export interface JudgeInput {
  readonly patches: readonly ObservedPatch[];
  /** What the base does on the probe inputs. */
  readonly base: readonly string[];
  /** Assertions that the patch makes pass, and all assertions. */
  readonly failing: number;
  readonly assertions: number;
}

const AGREEING_WEIGHT = 0.3;
const MOST_AGREEING = 6;

/**
 * Ranks plausible patches. Those that behave alike on generated inputs are one meaning; a meaning is likelier the more natural and the
 * smaller its best edit is, the more different edits agree in it and the less it changes of what the base does. The confidence is its
 * share among all meanings found, less where the tests say little.
 */
export function judgePatches({ patches, base, failing, assertions }: JudgeInput): JudgedPatch[] {
  const meanings = new Map<string, ObservedPatch[]>();
  for (const patch of patches) {
    const key = patch.behaviour.length === 0 ? patch.candidate.id : patch.behaviour.join('\n');
    meanings.set(key, [...(meanings.get(key) ?? []), patch]);
  }
  const scored = [...meanings.values()].map((members) => {
    const sorted = members
      .map((member) => ({ member, value: worth(member, base) }))
      .sort((a, b) => b.value - a.value || byId(a.member, b.member));
    const more = sorted.slice(1, MOST_AGREEING).reduce((sum, { value }) => sum + value, 0);
    const score = (sorted[0]?.value ?? 0) + AGREEING_WEIGHT * more;
    return { sorted, score };
  });
  const total = scored.reduce((sum, { score }) => sum + score, 0);
  const evidence = assertions / (assertions + 1.5);
  return scored
    .sort((a, b) => b.score - a.score)
    .flatMap(({ sorted, score }) => {
      const best = sorted[0]?.member.candidate;
      if (best === undefined) return [];
      const share = total === 0 ? 0 : score / total;
      const confidence = share ** 0.5 * evidence * Math.min(1, 0.35 + best.naturalness) * fitsFailure(best, failing);
      const why = `${sorted.length} of ${patches.length} plausible edits behave alike; ${Math.round(share * 100)} % of the weight of all; ${assertions} assertions hold`;
      return [{ candidate: best, confidence: Math.min(0.99, confidence), agreeing: sorted.length, why }];
    });
}

function byId(a: ObservedPatch, b: ObservedPatch): number {
  return a.candidate.id < b.candidate.id ? -1 : 1;
}

function worth({ candidate, behaviour }: ObservedPatch, base: readonly string[]): number {
  const size = candidate.changes.reduce(
    (sum, { text, start, end }) => sum + tokens(text) + (text === '' ? Math.min(4, (end - start) / 6) : 0),
    0,
  );
  const changed = base.length === 0 || behaviour.length === 0 ? 1 : behaviour.filter((line, at) => line !== base[at]).length / base.length;
  return candidate.naturalness * Math.exp(-size / 10) * (1 - 0.3 * changed);
}

function tokens(text: string): number {
  return text.match(/[\w$]+|[^\s\w]+/g)?.length ?? 0;
}

/** An edit that answers one failing input by name (a guard, a literal) is lucky more often than not. */
function fitsFailure({ operator }: RepairCandidate, failing: number): number {
  const special = /insert-guard|add-condition/.test(operator);
  const pair = operator.includes(' + ') ? 0.7 : 1;
  return pair * (special ? (failing > 1 ? 0.8 : 0.5) : 1);
}
