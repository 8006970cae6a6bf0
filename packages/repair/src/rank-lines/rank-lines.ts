import type { WarmResult } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { dstar, ochiai, tarantula } from './formulas.ts';
import { lineSpectra } from './line-spectra.ts';

export interface LineRank {
  readonly file: string;
  readonly line: number;
  /** 0..1; of use only against other lines. */
  readonly score: number;
  readonly why: string;
}

const FORMULAS = { ochiai, dstar, tarantula };
const MOST_LINES = 200;
const MOST_UNOBSERVED_FILES = 20;

/**
 * Ranks the lines of the sources by how likely the fault is there: the mean of three spectrum formulas, raised for lines that a failing
 * stack names and weighted by what the line does (a condition or computation is faulty more often than a declaration).
 */
export function rankLines(texts: ReadonlyMap<string, string>, results: readonly WarmResult[]): LineRank[] {
  const spectra = lineSpectra(texts, results);
  const framed = framedLines(results, [...texts.keys()]);
  const ranks: LineRank[] = [];
  for (const [file, lines] of spectra) {
    const weights = lineWeights(file, texts.get(file) ?? '');
    for (const [line, spectrum] of lines) {
      if (spectrum.ef === 0) continue;
      const values = Object.entries(FORMULAS).map(([name, formula]) => ({ name, value: formula(spectrum) }));
      const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
      const weight = weights.get(line) ?? 0.1;
      const depth = framed.get(`${file}:${line}`);
      const stack = depth === undefined ? 1 : 1 + 1 / (1 + depth);
      const told = `run by ${spectrum.ef} failing and ${spectrum.ep} passing assertions (${values.map(({ name, value }) => `${name} ${value.toFixed(2)}`).join(', ')})`;
      const why = depth === undefined ? told : `${told}; frame ${depth + 1} of a failing stack`;
      ranks.push({ file, line, score: (mean * weight * stack) / 2, why });
    }
  }
  return ranks.sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line).slice(0, MOST_LINES);
}

/**
 * Ranks lines where nothing could be observed of what ran: by what they do, those first that the stacks of failures name. Without a named
 * file, lines of the few files that there are.
 */
export function rankByShape(texts: ReadonlyMap<string, string>, stacks: readonly string[]): LineRank[] {
  const framed = new Map<string, number>();
  for (const stack of stacks) collectFrames(stack, [...texts.keys()], framed);
  const named = new Set([...framed.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
  const files = [...texts].filter(([file]) => named.size === 0 || named.has(file)).slice(0, MOST_UNOBSERVED_FILES);
  return files
    .flatMap(([file, text]) =>
      [...lineWeights(file, text)].map(([line, weight]): LineRank => {
        const depth = framed.get(`${file}:${line}`);
        const why = depth === undefined ? 'by what it does: what ran could not be observed' : `frame ${depth + 1} of a failing stack`;
        return { file, line, score: depth === undefined ? weight / 4 : weight / 2 + 1 / (2 + 2 * depth), why };
      }),
    )
    .sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line)
    .slice(0, MOST_LINES);
}

/** Lines of the sources in the stacks of failures that are not assertions: depth by `file:line`, 0 being where it was thrown. */
function framedLines(results: readonly WarmResult[], files: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { error } of results.flatMap((result) => result.observations)) {
    if (error?.stack === undefined || /Assertion/.test(error.type)) continue;
    collectFrames(error.stack, files, found);
  }
  return found;
}

/** Depth of each frame in one of the files, by `file:line`; the least where several stacks name it. */
function collectFrames(stack: string, files: readonly string[], found: Map<string, number>): void {
  let depth = 0;
  for (const [, path = '', line = ''] of stack.matchAll(/\(?((?:file:\/\/)?\/[^\s():]+):(\d+):\d+\)?$/gm)) {
    const file = files.find((one) => path.endsWith(`/${one}`));
    if (file === undefined) continue;
    const key = `${file}:${line}`;
    found.set(key, Math.min(found.get(key) ?? depth, depth));
    depth += 1;
  }
}

/** By the statement that a line belongs to; the likeliest of those on it. */
function lineWeights(path: string, text: string): Map<number, number> {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const weights = new Map<number, number>();
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line + 1;
  const visit = (node: ts.Node): void => {
    const weight = nodeWeight(node);
    if (weight > 0) {
      const line = lineOf(node.getStart(file));
      weights.set(line, Math.max(weights.get(line) ?? 0, weight));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return weights;
}

/** After the labels of BugsJS: conditions 27.4 %, assigned expressions 25.4 %, arguments 14.8 %, returns 7.3 %. */
function nodeWeight(node: ts.Node): number {
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) return 1;
  if (ts.isBinaryExpression(node)) return /^(==|!=|===|!==|<|>|<=|>=|&&|\|\|)$/.test(node.operatorToken.getText()) ? 0.95 : 0.85;
  if (ts.isForStatement(node) || ts.isWhileStatement(node)) return 0.75;
  if (ts.isReturnStatement(node)) return isBareReturn(node) ? 0.35 : 0.8;
  if (ts.isCallExpression(node)) return 0.7;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return 0.6;
  if (ts.isVariableDeclaration(node)) return node.initializer === undefined ? 0.2 : ts.isArrowFunction(node.initializer) ? 0.05 : 0.45;
  return ts.isStatement(node) && !ts.isBlock(node) ? 0.3 : 0;
}

function isBareReturn({ expression }: ts.ReturnStatement): boolean {
  return expression === undefined || ts.isIdentifier(expression) || ts.isLiteralExpression(expression) || ts.isToken(expression);
}
