import type { RecordedCall } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { descendants, unwrap } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import { valueAt } from '../logged-data.ts';

/** A comparison of the code whose outcome tells failing calls from passing ones. */
export interface Separation {
  readonly node: ts.BinaryExpression;
  /** 0..1: share of calls that it tells apart, beyond chance. */
  readonly strength: number;
  /** All failing calls sit on the very boundary: an off-by-one. */
  readonly boundary: boolean;
  readonly why: string;
}

const COMPARISONS = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

/**
 * Comparisons within a function that separate failing from passing calls, best first: each is computed on the recorded inputs
 * (spectrum-based localisation on predicates, after Liblit et al., PLDI 2005).
 */
export function findSeparatingConditions(
  one: CodeFunction,
  failing: readonly RecordedCall[],
  passing: readonly RecordedCall[],
): Separation[] {
  const found: Separation[] = [];
  for (const node of descendants(one.node.body)) {
    if (!ts.isBinaryExpression(node) || !COMPARISONS.has(node.operatorToken.kind)) continue;
    const separation = judge(node, failing, passing);
    if (separation !== undefined) found.push(separation);
  }
  return found.sort((a, b) => b.strength - a.strength);
}

function judge(node: ts.BinaryExpression, failing: readonly RecordedCall[], passing: readonly RecordedCall[]): Separation | undefined {
  const failed = failing.flatMap((call) => evaluate(node, call) ?? []);
  const passed = passing.flatMap((call) => evaluate(node, call) ?? []);
  if (failed.length === 0) return undefined;
  const isOrdered = !/[=!]==?$/.test(node.operatorToken.getText()) || /[<>]/.test(node.operatorToken.getText());
  const boundary = isOrdered && failed.every(({ left, right }) => left === right) && passed.every(({ left, right }) => left !== right);
  if (boundary)
    return {
      node,
      strength: passed.length > 0 ? 1 : 0.75,
      boundary,
      why: 'every failing call sits exactly on the boundary, and no passing one',
    };
  if (passed.length === 0) return undefined;
  const rate = (outcomes: readonly Outcome[]) => outcomes.filter((one) => one.holds).length / outcomes.length;
  const strength = Math.abs(rate(failed) - rate(passed));
  if (strength < 0.8) return undefined;
  return {
    node,
    strength: strength * 0.8,
    boundary,
    why: `it is ${rate(failed) > 0.5 ? 'true' : 'false'} for failing calls and the other way round for passing ones`,
  };
}

interface Outcome {
  readonly left: unknown;
  readonly right: unknown;
  readonly holds: boolean;
}

function evaluate({ left, right, operatorToken }: ts.BinaryExpression, call: RecordedCall): Outcome[] | undefined {
  const a = valueOfExpression(left, call);
  const b = valueOfExpression(right, call);
  if (a === undefined || b === undefined) return undefined;
  return [{ left: a, right: b, holds: compare(a, operatorToken.getText(), b) }];
}

function compare(a: string | number | boolean, operator: string, b: string | number | boolean): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '!==':
    case '!=':
      return a !== b;
    default:
      return a === b;
  }
}

/** The value of a literal, a constant, or a field of the call's input; undefined where it cannot be known. */
function valueOfExpression(expression: ts.Expression, call: RecordedCall): string | number | boolean | undefined {
  const value = unwrap(expression);
  const literal = literalValue(value);
  if (literal !== undefined) return literal;
  const path = pathOf(value);
  if (path === undefined) return undefined;
  const [root = '', ...rest] = path;
  if (rest.length === 0 && ts.isIdentifier(value)) {
    const declared = lookup(root, value);
    const constant =
      declared && ts.isVariableDeclaration(declared) && declared.initializer ? literalValue(unwrap(declared.initializer)) : undefined;
    if (constant !== undefined) return constant;
  }
  const length = rest.at(-1) === 'length' ? valueAt(call, rest.slice(0, -1).length > 0 ? rest.slice(0, -1) : [root]) : undefined;
  if (Array.isArray(length) || typeof length === 'string') return length.length;
  return scalar(valueAt(call, path)) ?? (rest.length > 0 ? scalar(valueAt(call, rest)) : undefined);
}

function literalValue(value: ts.Expression): string | number | boolean | undefined {
  if (ts.isNumericLiteral(value)) return Number(value.text.replaceAll('_', ''));
  if (ts.isStringLiteralLike(value)) return value.text;
  if (value.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (value.kind === ts.SyntaxKind.FalseKeyword) return false;
  const isNegative = ts.isPrefixUnaryExpression(value) && value.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(value.operand);
  return isNegative ? -Number(value.operand.text) : undefined;
}

function pathOf(value: ts.Expression): string[] | undefined {
  if (ts.isIdentifier(value)) return [value.text];
  if (!ts.isPropertyAccessExpression(value)) return undefined;
  const owner = pathOf(unwrap(value.expression));
  return owner && [...owner, value.name.text];
}

function scalar(value: unknown): string | number | boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
