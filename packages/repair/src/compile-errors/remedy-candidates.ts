import type { TextChange } from '@selfheal/contracts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';
import type { CompileCheck } from './compile-check.ts';
import { EACH_MORE, type Remedy } from './remedy.ts';

export function asCandidate(remedies: readonly Remedy[]): RepairCandidate {
  const changes = remedies.flatMap((remedy) => remedy.changes);
  return candidate(remedies, changes);
}

/** Of several rounds the places of the later ones are those of changed texts: each file is one change. */
export function inRounds(check: CompileCheck, texts: ReadonlyMap<string, string>, remedies: readonly Remedy[]): RepairCandidate {
  const changes = [...texts].map(([file, text]): TextChange => {
    const before = check.text(file) ?? '';
    let start = 0;
    while (start < before.length && before[start] === text[start]) start += 1;
    let back = 0;
    while (back < before.length - start && back < text.length - start && before.at(-1 - back) === text.at(-1 - back)) back += 1;
    return { file, start, end: before.length - back, text: text.slice(start, text.length - back) };
  });
  return candidate(remedies, changes);
}

function candidate(remedies: readonly Remedy[], changes: readonly TextChange[]): RepairCandidate {
  const [first] = remedies;
  const id = changes.map(({ file, start, end, text }) => `${file}:${start}-${end}:${text.replace(/\s+/g, ' ')}`).join(';');
  // The least natural of its parts says how natural the whole is: the errors are independent of each other.
  const naturalness = Math.min(...remedies.map((remedy) => remedy.naturalness));
  const product = remedies.reduce((sum, remedy) => sum * remedy.naturalness * (1 + EACH_MORE * (remedy.removes.size - 1)), 1);
  return {
    id,
    operator: [...new Set(remedies.map(({ operator }) => operator))].join(', '),
    file: first?.file ?? '',
    line: first?.line ?? 0,
    changes,
    score: product,
    naturalness,
  };
}

export function sorted(candidates: readonly RepairCandidate[]): RepairCandidate[] {
  const once = new Map(candidates.map((one) => [one.id, one]));
  return [...once.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
