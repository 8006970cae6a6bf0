import type { TextChange } from '@selfheal/contracts';
import { generateCandidates } from '../repair-search/generate-candidates.ts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';

/**
 * Small changes of a fix on the lines that it changes, as changes of the base: what a good test must notice. Made by the repair operators, the
 * most natural of each first, so that a mutant is what another plausible fix might have been.
 */
export function mutantsOf(fix: RepairCandidate, texts: ReadonlyMap<string, string>, most: number): TextChange[][] {
  const { file } = fix;
  const base = texts.get(file);
  const own = fix.changes.filter((change) => change.file === file).sort((a, b) => a.start - b.start);
  if (base === undefined || own.length === 0 || own.length !== fix.changes.length) return [];
  const { text, lines } = patched(base, own);
  const ranks = [...lines].map((line) => ({ file, line, score: 1, why: 'changed by the fix' }));
  const drafts = takeTurns(generateCandidates(new Map([[file, text]]), ranks, []));
  const mutants: TextChange[][] = [];
  for (const { changes } of drafts) {
    const mutant = asOneChange(file, base, apply(text, changes));
    if (mutant !== undefined) mutants.push([mutant]);
    if (mutants.length === most) break;
  }
  return mutants;
}

function patched(base: string, changes: readonly TextChange[]): { text: string; lines: Set<number> } {
  let text = '';
  let from = 0;
  const lines = new Set<number>();
  for (const change of changes) {
    text += base.slice(from, change.start);
    const first = text.split('\n').length;
    text += change.text;
    for (let line = first; line <= text.split('\n').length; line += 1) lines.add(line);
    from = change.end;
  }
  return { text: text + base.slice(from), lines };
}

/** One of each operator, then the second of each, and so on. */
function takeTurns(candidates: readonly RepairCandidate[]): RepairCandidate[] {
  const groups = new Map<string, RepairCandidate[]>();
  for (const one of candidates) groups.set(one.operator, [...(groups.get(one.operator) ?? []), one]);
  const longest = Math.max(0, ...[...groups.values()].map((group) => group.length));
  return Array.from({ length: longest }, (_, turn) => [...groups.values()].flatMap((group) => group[turn] ?? [])).flat();
}

function apply(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}

/** Undefined where the mutant is the base again. */
function asOneChange(file: string, base: string, text: string): TextChange | undefined {
  if (text === base) return undefined;
  const most = Math.min(base.length, text.length);
  let start = 0;
  while (start < most && base[start] === text[start]) start += 1;
  let back = 0;
  while (back < most - start && base.at(-1 - back) === text.at(-1 - back)) back += 1;
  return { file, start, end: base.length - back, text: text.slice(start, text.length - back) };
}
