import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { descendants, endLineOf, isFunctionNode, lineOf } from '../../codebase/syntax/parse-source.ts';
import type { FrameSite } from '../frame-sites.ts';

/** An expression that may have raised the error. */
export interface Match<T extends ts.Node = ts.Node> {
  readonly node: T;
  /** 0..1, by distance from where the frame points. */
  readonly closeness: number;
  /** How many expressions of the function fit equally: 1 is certain. */
  readonly rivals: number;
}

const LINES_OFF = 12;

/**
 * Expressions that the guard accepts near a frame, best first: the frame's own line and column, then ever farther lines of the
 * same function, for a release that differs a little from this commit.
 */
export function findNear<T extends ts.Node>(
  site: FrameSite,
  accepts: (node: ts.Node) => node is T,
  anchor: (node: T) => ts.Node = (node) => node,
): Match<T>[] {
  const scope = site.function?.node ?? site.file.source;
  const matches: { node: T; closeness: number }[] = [];
  for (const node of descendants(scope, (one) => !ts.isTypeNode(one))) {
    if (!accepts(node)) continue;
    const closeness = closenessTo(site, anchor(node));
    if (closeness > 0) matches.push({ node, closeness });
  }
  return rank(matches);
}

/** Expressions that the guard accepts anywhere in a function: for errors whose frames are missing. */
export function findIn<T extends ts.Node>(one: CodeFunction, accepts: (node: ts.Node) => node is T): Match<T>[] {
  const nodes = [...descendants(one.node.body, (node) => !ts.isTypeNode(node))].filter(accepts);
  return nodes.map((node) => ({ node, closeness: nodes.length === 1 ? 0.6 : 0.35, rivals: nodes.length }));
}

function rank<T extends ts.Node>(matches: { node: T; closeness: number }[]): Match<T>[] {
  const sorted = [...matches].sort((a, b) => b.closeness - a.closeness);
  return sorted.map((match) => ({ ...match, rivals: sorted.filter((other) => other.closeness >= match.closeness - 0.01).length }));
}

/** 1 on the very column, 0.95 on the line, falling with the distance in lines; 0 beyond reach. */
function closenessTo(site: FrameSite, node: ts.Node): number {
  const from = lineOf(node);
  const to = endLineOf(node);
  const off = site.line < from ? from - site.line : site.line > to ? site.line - to : 0;
  if (off > LINES_OFF) return 0;
  if (off > 0) return Math.max(0.2, 0.8 - 0.06 * off) * site.trust;
  if (site.column === undefined) return 0.9 * site.trust;
  const { character } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  const columnsOff = from === site.line ? Math.abs(character + 1 - site.column) : 40;
  return (columnsOff === 0 ? 1 : Math.max(0.75, 0.94 - 0.005 * columnsOff)) * site.trust;
}

/** The statement that starts on a line or spans it, innermost first; what an unexplained frame points at. */
export function statementAt(site: FrameSite): ts.Statement | undefined {
  const scope = site.function?.node ?? site.file.source;
  let best: ts.Statement | undefined;
  for (const node of descendants(scope)) {
    if (!ts.isStatement(node) || ts.isBlock(node) || lineOf(node) > site.line || endLineOf(node) < site.line) continue;
    best = node;
  }
  return best;
}

/** The inline function (arrow, callback) or named function directly around a node. */
export function directFunction(node: ts.Node): ts.FunctionLikeDeclaration | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) if (isFunctionNode(at)) return at;
  return undefined;
}
