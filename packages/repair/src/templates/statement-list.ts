import { Node, type Statement, SyntaxKind } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { boundNames, usedNames } from './syntax-tree.ts';

/** A statement of a list with the comments that belong to it, as whole lines. `gap` is the blank lines before it. */
export interface Chunk {
  readonly statement: Statement;
  readonly text: string;
  readonly gap: string;
  readonly start: number;
  readonly end: number;
}

/** The statements of a block as chunks; undefined where two share a line. */
export function chunksOf(statements: readonly Statement[], text: string): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let before: number | undefined;
  for (const statement of statements) {
    const span = linesOf(statement, text, before);
    if (!span) return undefined;
    chunks.push({
      statement,
      ...span,
      text: text.slice(span.start, span.end),
      gap: before === undefined ? '' : text.slice(before, span.start),
    });
    before = span.end;
  }
  // Anything but blank lines between two chunks is a comment of its own, which stays with what follows it.
  return chunks.map((chunk) => (chunk.gap.trim() === '' ? chunk : { ...chunk, text: chunk.gap.trimStart() + chunk.text, gap: '' }));
}

function linesOf(statement: Statement, text: string, floor: number | undefined): { start: number; end: number } | undefined {
  const own = statement.getStart();
  const lineStart = text.lastIndexOf('\n', own - 1) + 1;
  const newline = text.indexOf('\n', statement.getEnd());
  const end = newline < 0 ? text.length : newline + 1;
  const rest = text.slice(statement.getEnd(), newline < 0 ? text.length : newline).trim();
  if (text.slice(lineStart, own).trim() !== '' || (rest !== '' && !/^(\/\/.*|\/\*.*\*\/)$/.test(rest))) return undefined;
  let start = lineStart;
  for (;;) {
    const previous = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || previous < (floor ?? statement.getFullStart()) || !/^\s*(\/\/|\/\*|\*)/.test(text.slice(previous, start)))
      return { start, end };
    start = previous;
  }
}

/** Takes the chunks at `indexes` out and puts them, in their order, before or after the one at `anchor`. Blank lines keep their places. */
export function moveChunks(chunks: readonly Chunk[], indexes: readonly number[], anchor: number, side: 'before' | 'after'): Chunk[] {
  const moved = new Set(indexes);
  const group: Chunk[] = [];
  const rest: { chunk: Chunk; index: number }[] = [];
  let owed = '';
  for (const [index, chunk] of chunks.entries()) {
    const gap = longer(owed, chunk.gap);
    if (moved.has(index)) {
      owed = group.length === 0 || !moved.has(index - 1) ? gap : owed;
      group.push(moved.has(index - 1) ? chunk : { ...chunk, gap: '' });
    } else {
      rest.push({ chunk: { ...chunk, gap }, index });
      owed = '';
    }
  }
  return rest.flatMap(({ chunk, index }) => {
    if (index !== anchor) return [chunk];
    if (side === 'after') return [chunk, ...group];
    // A group of several stays apart from what now follows it, as it stood apart before.
    const apart = group.length > 1 ? (chunks[indexes[0] ?? 0]?.gap ?? '') : '';
    return [...group.map((one, at) => (at === 0 ? { ...one, gap: chunk.gap } : one)), { ...chunk, gap: apart }];
  });
}

/** Takes chunks out for good. */
export function removeChunks(chunks: readonly Chunk[], indexes: readonly number[]): Chunk[] {
  let owed = '';
  return chunks.flatMap((chunk, index) => {
    if (indexes.includes(index)) {
      owed = longer(owed, chunk.gap);
      return [];
    }
    const kept = { ...chunk, gap: longer(owed, chunk.gap) };
    owed = '';
    return [kept];
  });
}

/** The change that turns the list `before` into `after`, without the lines that stay at its ends. */
export function rewriteList(before: readonly Chunk[], after: readonly Chunk[]): Change[] {
  const [first] = before;
  const last = before.at(-1);
  if (!first || !last) return [];
  const [old, fresh] = [before, after].map((list) => list.flatMap((chunk, index) => [index === 0 ? '' : chunk.gap, chunk.text]));
  if (!old || !fresh) return [];
  const prefix = old.findIndex((part, index) => part !== fresh[index]);
  if (prefix < 0) return [];
  const room = Math.min(old.length, fresh.length) - prefix;
  let suffix = 0;
  while (suffix < room && old.at(-1 - suffix) === fresh.at(-1 - suffix)) suffix += 1;
  const start = first.start + old.slice(0, prefix).join('').length;
  const end = start + old.slice(prefix, old.length - suffix).join('').length;
  return [{ start, end, text: fresh.slice(prefix, fresh.length - suffix).join('') }];
}

function longer(a: string, b: string): string {
  return a.length > b.length ? a : b;
}

/** Whether `later` must stay behind `earlier`: it uses what the other makes, or changes what the other reads, or the other leaves. */
export function dependsOn(later: Node, earlier: Node): boolean {
  if (Node.isReturnStatement(earlier) || Node.isThrowStatement(earlier) || Node.isReturnStatement(later)) return true;
  const made = new Set([...declaredNames(earlier), ...assignedNames(earlier)]);
  const changed = new Set(assignedNames(later));
  return (
    usedNames(later).some((name) => made.has(name)) || [...usedNames(earlier), ...declaredNames(earlier)].some((name) => changed.has(name))
  );
}

/** Names that a statement declares for those after it. */
export function declaredNames(statement: Node): string[] {
  if (Node.isVariableStatement(statement))
    return statement.getDeclarations().flatMap((declaration) => boundNames(declaration.getNameNode()));
  if (Node.isFunctionDeclaration(statement) || Node.isClassDeclaration(statement)) return [statement.getName() ?? ''];
  return [];
}

/** Names whose value a statement sets: `x = 1`, `x += 1`, `x++`; `x.y = 1` changes x too. */
function assignedNames(statement: Node): string[] {
  const assignments = [
    ...statement
      .getDescendantsOfKind(SyntaxKind.BinaryExpression)
      .filter((one) => /^([-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=$/.test(one.getOperatorToken().getText()))
      .map((one) => one.getLeft()),
    ...statement.getDescendantsOfKind(SyntaxKind.PostfixUnaryExpression).map((one) => one.getOperand()),
  ];
  return assignments.flatMap((target) => /^[A-Za-z_$][\w$]*/.exec(target.getText()) ?? []);
}
