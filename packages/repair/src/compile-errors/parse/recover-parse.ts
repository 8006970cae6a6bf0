import { createHash } from 'node:crypto';
import type { RepairCandidate } from '../../repair-search/repair-candidate.ts';
import { jsxTag } from './jsx-tag.ts';
import { mergeConflict } from './merge-conflict.ts';
import { misspeltKeyword } from './misspelt-keyword.ts';
import { parseFaults } from './parse-faults.ts';
import { type Draft, firstFault, type Recovery } from './recovery.ts';
import { unclosedBlock } from './unclosed-block.ts';
import { unclosedQuote } from './unclosed-quote.ts';
import { wrongToken } from './wrong-token.ts';

const RECOVERIES: readonly Recovery[] = [mergeConflict, misspeltKeyword, unclosedQuote, unclosedBlock, jsxTag, wrongToken];
/** Faults that are independent of each other are mended one in each round. */
const MOST_ROUNDS = 5;
const MOST_DRAFTS = 4;
const MOST_PARSED = 1_200;
const MOST_WHOLE = 40;
/** Every edit costs; one that removes what was written costs by how much. */
const EDIT_COST = 0.2;

/**
 * Edits that make a file parse, the likeliest first: recoveries are tried where the parser stumbled, each text is parsed, and what brings it
 * further goes into the next round. Each candidate parses without a fault; which is meant the tests say.
 */
export function recoverParse(file: string, text: string, budgetMs = 10_000): RepairCandidate[] {
  const until = performance.now() + budgetMs;
  const faults = parseFaults(file, text);
  if (faults.length === 0) return [];
  const whole = new Map<string, Draft>();
  let drafts: Draft[] = [{ text, faults, cost: 0 }];
  for (let round = 0; round < MOST_ROUNDS && whole.size === 0 && performance.now() < until; round += 1) {
    const next = new Map<string, Draft>();
    for (const draft of drafts) {
      for (const [changed, cost] of variantsOf(draft)) {
        if (next.has(changed) || performance.now() > until) continue;
        const made = { text: changed, faults: parseFaults(file, changed), cost: draft.cost + cost + EDIT_COST };
        next.set(changed, made);
        if (made.faults.length === 0) whole.set(changed, made);
      }
    }
    drafts = [...next.values()]
      .filter((draft) => isFurther(draft, drafts[0]))
      .sort(byProgress)
      .slice(0, MOST_DRAFTS);
  }
  const best = [...whole.values()].sort((a, b) => a.cost - b.cost).slice(0, MOST_WHOLE);
  return best.map((draft) => asCandidate(file, text, draft));
}

/** The likeliest of all recoveries first, each text once. */
function variantsOf(draft: Draft): (readonly [string, number])[] {
  const found = new Map<string, number>();
  for (const { propose } of RECOVERIES) {
    for (const [text, cost] of propose(draft))
      if (text !== draft.text && cost < (found.get(text) ?? Number.POSITIVE_INFINITY)) found.set(text, cost);
  }
  return [...found].sort((a, b) => a[1] - b[1]).slice(0, MOST_PARSED);
}

function isFurther(draft: Draft, before: Draft | undefined): boolean {
  if (before === undefined) return true;
  return (
    draft.faults.length < before.faults.length || (draft.faults.length === before.faults.length && firstFault(draft) > firstFault(before))
  );
}

function byProgress(a: Draft, b: Draft): number {
  return a.faults.length - b.faults.length || firstFault(b) - firstFault(a) || a.cost - b.cost;
}

function asCandidate(file: string, text: string, draft: Draft): RepairCandidate {
  let start = 0;
  while (start < text.length && text[start] === draft.text[start]) start += 1;
  let back = 0;
  while (back < text.length - start && back < draft.text.length - start && text.at(-1 - back) === draft.text.at(-1 - back)) back += 1;
  const change = { file, start, end: text.length - back, text: draft.text.slice(start, draft.text.length - back) };
  const id = createHash('sha256').update(draft.text).digest('hex').slice(0, 16);
  const line = text.slice(0, start).split('\n').length;
  const naturalness = 1 / (1 + draft.cost / 3);
  return { id: `${file}:parse:${id}`, operator: 'recover-parse', file, line, changes: [change], score: naturalness ** 3, naturalness };
}
