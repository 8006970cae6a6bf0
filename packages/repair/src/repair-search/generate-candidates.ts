import type { TextChange } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { gatherHints, type Hints } from '../operators/hints.ts';
import { repairOperators } from '../operators/index.ts';
import type { SpanChange } from '../operators/operator.ts';
import type { LineRank } from '../rank-lines/rank-lines.ts';
import { namesAt } from './names-at.ts';
import type { RepairCandidate } from './repair-candidate.ts';

const MOST_CANDIDATES = 40_000;
/** Of an unlikely line a natural edit is tried before an odd one of the likeliest: suspicion counts by its square root. */
const SUSPICION_POWER = 0.5;

/** All edits of the suspicious lines, best first; edits with the same effect on the text are one. */
export function generateCandidates(
  texts: ReadonlyMap<string, string>,
  ranks: readonly LineRank[],
  expected: readonly string[],
): RepairCandidate[] {
  const found = new Map<string, RepairCandidate>();
  for (const file of new Set(ranks.map((rank) => rank.file))) {
    const text = texts.get(file);
    if (text === undefined) continue;
    const suspicion = new Map(ranks.filter((rank) => rank.file === file).map(({ line, score }) => [line, score]));
    for (const candidate of candidatesOf(file, text, suspicion, expected)) {
      const known = found.get(candidate.id);
      if (known === undefined || known.score < candidate.score) found.set(candidate.id, candidate);
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, MOST_CANDIDATES);
}

function* candidatesOf(
  path: string,
  text: string,
  suspicion: ReadonlyMap<number, number>,
  expected: readonly string[],
): Generator<RepairCandidate> {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const most = Math.max(...suspicion.values(), 1e-9);
  const hintsOf = new Map<ts.Node, Hints>();
  const pending: ts.Node[] = [file];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    ts.forEachChild(node, (child) => {
      pending.push(child);
    });
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    const suspected = suspicion.get(line);
    if (suspected === undefined || ts.isSourceFile(node)) continue;
    const scope = outermostFunction(node) ?? file;
    const hints = hintsOf.get(scope) ?? gatherHints(scope, expected);
    hintsOf.set(scope, hints);
    const site = { node, file, names: namesAt(node), hints };
    const weight = (suspected / most) ** SUSPICION_POWER;
    for (const { name, prior, propose } of repairOperators) {
      for (const { changes, naturalness } of propose(site)) {
        const least = changes.map((change) => trimmed(text, change)).filter((change) => change.start !== change.end || change.text !== '');
        if (least.length === 0) continue;
        const id = least.map(({ start, end, text: put }) => `${path}:${start}-${end}:${put.replace(/\s+/g, ' ')}`).join(';');
        const inFile = least.map((change): TextChange => ({ file: path, ...change }));
        yield {
          id,
          operator: name,
          file: path,
          line,
          changes: inFile,
          score: prior * naturalness * weight,
          naturalness: prior * naturalness,
        };
      }
    }
  }
}

/** What a change really changes, so that different ways to write one edit are one. */
function trimmed(text: string, { start, end, text: put }: SpanChange): SpanChange {
  let from = 0;
  while (from < put.length && start + from < end && text[start + from] === put[from]) from += 1;
  let back = 0;
  while (back < put.length - from && back < end - start - from && text[end - 1 - back] === put[put.length - 1 - back]) back += 1;
  return { start: start + from, end: end - back, text: put.slice(from, put.length - back) };
}

function outermostFunction(node: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (ts.isFunctionLike(at)) found = at;
  return found;
}
