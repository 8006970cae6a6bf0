import { ts } from 'ts-morph';
import { propertyName } from './syntax/parse-source.ts';

/** A JSON value with the line (from 1) it starts on. */
export interface JsonNode {
  readonly line: number;
  readonly value: string | number | boolean | null | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;
}

/** Parses JSON with positions; undefined where it is not valid JSON. */
export function parseJsonWithLines(path: string, text: string): JsonNode | undefined {
  const source = ts.parseJsonText(path, text);
  const [statement] = source.statements;
  return statement === undefined || !isValid(text) ? undefined : convert(statement.expression, source);
}

function isValid(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function convert(node: ts.Expression, source: ts.JsonSourceFile): JsonNode {
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  if (ts.isObjectLiteralExpression(node)) {
    const entries = new Map<string, JsonNode>();
    for (const member of node.properties) {
      const name = ts.isPropertyAssignment(member) ? propertyName(member.name) : undefined;
      if (name !== undefined && ts.isPropertyAssignment(member)) entries.set(name, convert(member.initializer, source));
    }
    return { line, value: entries };
  }
  if (ts.isArrayLiteralExpression(node)) return { line, value: node.elements.map((one) => convert(one, source)) };
  if (ts.isStringLiteralLike(node)) return { line, value: node.text };
  return { line, value: scalar(node) };
}

function scalar(node: ts.Expression): number | boolean | null {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) return -Number(node.operand.text);
  return ts.isNumericLiteral(node) ? Number(node.text) : null;
}

export function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.value instanceof Map ? node.value.get(name) : undefined;
}

export function items(node: JsonNode | undefined): readonly JsonNode[] {
  return Array.isArray(node?.value) ? node.value : [];
}

export function text(node: JsonNode | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined;
}

export function number(node: JsonNode | undefined): number | undefined {
  return typeof node?.value === 'number' ? node.value : undefined;
}
