import type { Json } from '@selfheal/contracts';
import { ts } from 'ts-morph';

/** The JSON value that a piece of source code is, where it is nothing but literals; undefined otherwise. */
export function literalValue(code: string): Json | undefined {
  const [statement] = ts.createSourceFile('value.ts', `(${code})`, ts.ScriptTarget.Latest, true).statements;
  return statement && ts.isExpressionStatement(statement) ? readValue(statement.expression) : undefined;
}

function readValue(node: ts.Expression): Json | undefined {
  if (ts.isParenthesizedExpression(node)) return readValue(node.expression);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = readValue(node.operand);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isArrayLiteralExpression(node)) return allOf(node.elements.map(readValue));
  return ts.isObjectLiteralExpression(node) ? objectOf(node) : undefined;
}

function objectOf(node: ts.ObjectLiteralExpression): Json | undefined {
  const members: [string, Json][] = [];
  for (const member of node.properties) {
    const value = ts.isPropertyAssignment(member) ? readValue(member.initializer) : undefined;
    const name = member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) ? member.name.text : undefined;
    if (value === undefined || name === undefined) return undefined;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function allOf(values: readonly (Json | undefined)[]): Json[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
