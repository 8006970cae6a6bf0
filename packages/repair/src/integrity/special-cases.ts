import type { IntegrityViolation } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { isCode, lineOf, normalised, parse, walk } from './parse.ts';

/** What so many functions compare with or return that it says nothing of a test. */
const COMMON = new Set(['', '0', '1', '-1', '2']);

/**
 * Places where a patch answers the very input of its own test: a new branch on the equality with a value of that test which returns a
 * value of that test. Such a patch passes its test and mends nothing. `tests`: texts that the patch adds to test files.
 */
export function specialCases(path: string, before: string | undefined, after: string, tests: readonly string[]): IntegrityViolation[] {
  if (!isCode(path) || tests.length === 0) return [];
  const known = new Set(before === undefined ? [] : branches(path, before).map(({ text }) => text));
  const values = new Set(tests.flatMap((text) => [...walk(parse('test.tsx', text))].flatMap((node) => literalText(node) ?? [])));
  return branches(path, after)
    .filter(({ text, asked, given }) => !known.has(text) && values.has(given) && asked.length > 0 && asked.every((one) => values.has(one)))
    .map(({ line, asked, given }) => ({
      rule: 'test-api-replaced',
      file: path,
      line,
      detail: `answers the input of its own test: ${given} for ${asked.join(' and ')}`,
    }));
}

interface Branch {
  readonly text: string;
  readonly line: number;
  /** Values that the condition asks for, all of them at once. */
  readonly asked: readonly string[];
  readonly given: string;
}

function branches(path: string, text: string): Branch[] {
  return [...walk(parse(path, text))].flatMap((node) => {
    const [condition, value] = ts.isIfStatement(node)
      ? [node.expression, returned(node.thenStatement)]
      : ts.isConditionalExpression(node)
        ? [node.condition, node.whenTrue]
        : [];
    const given = value && literalText(value);
    const asked = condition && equalities(condition);
    if (given === undefined || asked === undefined || COMMON.has(given)) return [];
    return [{ text: normalised(node), line: lineOf(node), asked: asked.filter((one) => !COMMON.has(one)), given }];
  });
}

function returned(statement: ts.Statement): ts.Expression | undefined {
  const only = ts.isBlock(statement) && statement.statements.length === 1 ? statement.statements[0] : statement;
  return only && ts.isReturnStatement(only) ? only.expression : undefined;
}

/** The values of `a === 1 && b === 'x'`; undefined where a part of the condition is something else. */
function equalities(condition: ts.Expression): string[] | undefined {
  if (ts.isParenthesizedExpression(condition)) return equalities(condition.expression);
  if (!ts.isBinaryExpression(condition)) return undefined;
  const operator = condition.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) {
    const [left, right] = [equalities(condition.left), equalities(condition.right)];
    return left && right && [...left, ...right];
  }
  if (operator !== ts.SyntaxKind.EqualsEqualsEqualsToken && operator !== ts.SyntaxKind.EqualsEqualsToken) return undefined;
  const value = literalText(condition.right) ?? literalText(condition.left);
  return value === undefined ? undefined : [value];
}

function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) return normalised(node);
  return undefined;
}
