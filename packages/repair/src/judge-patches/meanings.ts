import type { RepairCandidate } from '../repair-search/repair-candidate.ts';

/** A plausible patch and what it does on the probe inputs; no lines where that could not be observed. */
export interface ObservedPatch {
  readonly candidate: RepairCandidate;
  readonly behaviour: readonly string[];
}

/** Plausible patches that behave alike on every probe. */
export interface Meaning {
  /** The likeliest of them. */
  readonly best: ObservedPatch;
  readonly members: number;
  /** Its part of the weight of all meanings, 0..1. */
  readonly share: number;
}

const AGREEING_WEIGHT = 0.3;
const MOST_AGREEING = 6;

/**
 * Groups plausible patches by what they do, heaviest first: a meaning is likelier the more natural and the smaller its best edit is, the more
 * different edits agree in it and the less it changes of what the base does.
 */
export function groupMeanings(patches: readonly ObservedPatch[], base: readonly string[]): Meaning[] {
  const groups = new Map<string, ObservedPatch[]>();
  for (const patch of patches) {
    const key = patch.behaviour.length === 0 ? patch.candidate.id : patch.behaviour.join('\n');
    groups.set(key, [...(groups.get(key) ?? []), patch]);
  }
  const weighed = [...groups.values()].flatMap((members) => {
    const sorted = members
      .map((member) => ({ member, value: worth(member, base) }))
      .sort((a, b) => b.value - a.value || (a.member.candidate.id < b.member.candidate.id ? -1 : 1));
    const [first, ...others] = sorted;
    if (first === undefined) return [];
    const more = others.slice(0, MOST_AGREEING - 1).reduce((sum, { value }) => sum + value, 0);
    return [{ best: first.member, members: members.length, weight: first.value + AGREEING_WEIGHT * more }];
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return weighed
    .sort((a, b) => b.weight - a.weight || (a.best.candidate.id < b.best.candidate.id ? -1 : 1))
    .map(({ best, members, weight }) => ({ best, members, share: total === 0 ? 0 : weight / total }));
}

/** Tokens that an edit brings; of a removal, a quarter of them. */
export function sizeOf({ changes }: RepairCandidate): number {
  return changes.reduce((sum, { text, start, end }) => sum + tokens(text) + (text === '' ? Math.min(4, (end - start) / 6) : 0), 0);
}

function worth({ candidate, behaviour }: ObservedPatch, base: readonly string[]): number {
  const changed = base.length === 0 || behaviour.length === 0 ? 1 : behaviour.filter((line, at) => line !== base[at]).length / base.length;
  return candidate.naturalness * Math.exp(-sizeOf(candidate) / 10) * (1 - 0.3 * changed);
}

function tokens(text: string): number {
  return text.match(/[\w$]+|[^\s\w]+/g)?.length ?? 0;
}
