import { createHash } from 'node:crypto';
import { ts } from 'ts-morph';
import type { RepairCandidate } from './repair-candidate.ts';

const TOKENS = [')', ']', '}', '(', '[', '{', ',', ';', ':', "'", '"', '`', '=', '=>', '\n}', '})', '+', '.'];
const MOST_ROUNDS = 2;
const MOST_KEPT = 30;

interface Draft {
  readonly text: string;
  readonly faults: readonly ts.Diagnostic[];
  readonly cost: number;
}

/**
 * Edits that make a file parse: a token put in, taken out or exchanged where the parser stumbled or on the lines around it, one or two of
 * them (error recovery by least cost; Corchuelo et al., TOPLAS 2002). Each candidate parses without a fault; which is meant the tests say.
 */
export function recoverParse(file: string, text: string): RepairCandidate[] {
  const first = parsed(file, text, 0);
  if (first.faults.length === 0) return [];
  const whole = new Map<string, Draft>();
  let drafts: Draft[] = [first];
  for (let round = 0; round < MOST_ROUNDS && whole.size === 0; round += 1) {
    const next = new Map<string, Draft>();
    for (const draft of drafts) {
      for (const [changed, cost] of variants(draft)) if (!next.has(changed)) next.set(changed, parsed(file, changed, draft.cost + cost));
    }
    for (const draft of next.values()) if (draft.faults.length === 0) whole.set(draft.text, draft);
    const fewer = [...next.values()].filter((draft) => draft.faults.length <= first.faults.length);
    drafts = fewer.sort((a, b) => firstFault(b) - firstFault(a) || a.cost - b.cost).slice(0, MOST_KEPT);
  }
  return [...whole.values()].sort((a, b) => a.cost - b.cost).map((draft) => asCandidate(file, text, draft));
}

export function parseFaults(path: string, text: string): readonly ts.Diagnostic[] {
  const options = { target: ts.ScriptTarget.Latest, module: ts.ModuleKind.ESNext, allowJs: true };
  return ts.transpileModule(text, { fileName: path, compilerOptions: options, reportDiagnostics: true }).diagnostics ?? [];
}

function parsed(path: string, text: string, cost: number): Draft {
  return { text, faults: parseFaults(path, text), cost };
}

function firstFault({ faults }: Draft): number {
  return Math.min(...faults.map(({ start = 0 }) => start));
}

function* variants(draft: Draft): Generator<[string, number]> {
  const { text } = draft;
  const at = firstFault(draft);
  const from = text.lastIndexOf('\n', text.lastIndexOf('\n', at - 1) - 1) + 1;
  const end = text.indexOf('\n', at);
  const to = end < 0 ? text.length : end;
  const tokens = [...text.slice(from, to).matchAll(/[\w$]+|[^\s\w]|\n/g)].map((match) => ({
    start: from + match.index,
    end: from + match.index + match[0].length,
  }));
  // Put in right behind the token before, as people write.
  for (const place of [...tokens.map(({ end: behind }) => behind), from, to, text.length]) {
    for (const token of TOKENS) yield [text.slice(0, place) + token + text.slice(place), 1 + Math.abs(place - at) / 40];
  }
  for (const place of tokens.map(({ start }) => start)) {
    const near = Math.abs(place - at) / 40;
    const token = /^(?:[\w$]+|\S)/.exec(text.slice(place))?.[0];
    if (token === undefined) continue;
    yield [text.slice(0, place) + text.slice(place + token.length), 1.2 + near];
    for (const other of TOKENS)
      if (token !== other && token.length <= 2) yield [text.slice(0, place) + other + text.slice(place + token.length), 1.3 + near];
  }
}

function asCandidate(file: string, text: string, draft: Draft): RepairCandidate {
  let start = 0;
  while (start < text.length && text[start] === draft.text[start]) start += 1;
  let back = 0;
  while (back < text.length - start && back < draft.text.length - start && text.at(-1 - back) === draft.text.at(-1 - back)) back += 1;
  const change = { file, start, end: text.length - back, text: draft.text.slice(start, draft.text.length - back) };
  const id = createHash('sha256').update(draft.text).digest('hex').slice(0, 16);
  const line = text.slice(0, start).split('\n').length;
  const naturalness = 0.9 / (1 + draft.cost / 4);
  return { id: `${file}:parse:${id}`, operator: 'recover-parse', file, line, changes: [change], score: naturalness, naturalness };
}
