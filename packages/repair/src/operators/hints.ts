import { ts } from 'ts-morph';
import { isAssignment } from './places.ts';

/** Material for edits: what the failing assertions expect, and what the file itself is made of. */
export interface Hints {
  /** Literals that failing assertions expect, as source text. */
  readonly expected: readonly string[];
  readonly numbers: readonly string[];
  readonly strings: readonly string[];
  /** Conditions of the same function: candidates to be added or copied. */
  readonly conditions: readonly string[];
  /** Simple expressions of the same function. */
  readonly expressions: readonly string[];
  readonly statements: readonly ts.Statement[];
  readonly methods: readonly string[];
}

const MOST = 40;
const LONGEST_EXPRESSION = 60;

/** Gathers material from the function around the suspicious lines. */
export function gatherHints(scope: ts.Node, expected: readonly string[]): Hints {
  const numbers = new Set<string>();
  const strings = new Set<string>();
  const conditions = new Set<string>();
  const expressions = new Set<string>();
  const methods = new Set<string>();
  const statements: ts.Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) numbers.add(node.getText());
    else if (ts.isStringLiteral(node)) strings.add(node.getText());
    if (isComparison(node) && node.getText().length <= LONGEST_EXPRESSION) conditions.add(node.getText());
    if (isReusable(node) && node.getText().length <= LONGEST_EXPRESSION) expressions.add(node.getText());
    if (ts.isPropertyAccessExpression(node)) methods.add(node.name.text);
    if (ts.isStatement(node) && !ts.isBlock(node)) statements.push(node);
    ts.forEachChild(node, visit);
  };
  visit(scope);
  const few = (found: Set<string>): string[] => [...found].slice(0, MOST);
  return {
    expected: expected.slice(0, MOST),
    numbers: few(numbers),
    strings: few(strings),
    conditions: few(conditions),
    expressions: few(expressions),
    methods: few(methods),
    statements: statements.slice(0, MOST),
  };
}

function isComparison(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const kind = node.operatorToken.kind;
  return kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

function isReusable(node: ts.Node): boolean {
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) return !isCallee(node);
  if (ts.isBinaryExpression(node)) return !isAssignment(node.operatorToken.kind) && !isComparison(node);
  return ts.isCallExpression(node) && ts.isExpressionStatement(node.parent) === false;
}

function isCallee(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}
