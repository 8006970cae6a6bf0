import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const adjustLiteral: RepairOperator = {
  name: 'adjust-literal',
  prior: 0.8,
  source:
    'HumanEvalFix-JS: other number 11.6 %, other string 4.3 %; TSSB-3M: other number 97K, boolean 37K; values of the failing assertions',
  propose({ node, hints }): OperatorEdit[] {
    if (ts.isNumericLiteral(node)) return numbers(node, hints.numbers, hints.expected);
    if (ts.isStringLiteral(node) && !ts.isImportDeclaration(node.parent)) return strings(node, hints.strings, hints.expected);
    if (node.kind === ts.SyntaxKind.TrueKeyword) return [put(node, 'false', 1), put(node, 'null', 0.2), put(node, 'undefined', 0.2)];
    if (node.kind === ts.SyntaxKind.FalseKeyword) return [put(node, 'true', 1), put(node, 'null', 0.2), put(node, 'undefined', 0.2)];
    if (node.kind === ts.SyntaxKind.NullKeyword) return hints.expected.map((text) => put(node, text, 0.6));
    if (ts.isArrayLiteralExpression(node) && node.elements.length === 0)
      return hints.expected.filter((text) => text !== '[]').map((text) => put(node, text, 0.3));
    return [];
  },
};

function numbers(node: ts.NumericLiteral, inFile: readonly string[], expected: readonly string[]): OperatorEdit[] {
  const value = Number(node.text);
  const near: readonly (readonly [number, number])[] = [
    [value + 1, 1],
    [value - 1, 1],
    [0, 0.8],
    [1, 0.8],
    [2, 0.6],
    [-value, 0.4],
    [value * 10, 0.35],
    [value / 10, 0.35],
    [value * 2, 0.3],
    [value / 2, 0.3],
    [value + 2, 0.3],
    [value - 2, 0.25],
    [10, 0.3],
    [100, 0.15],
    [3, 0.15],
  ];
  // Codes of letters and digits: comparing characters by number is easily off.
  const codes = [48, 57, 65, 90, 91, 97, 122, 123].map((code): [number, number] => [code, value >= 20 && value < 400 ? 0.3 : 0.02]);
  const all = new Map<string, number>();
  for (const [other, weight] of [...near, ...codes]) {
    const text = Number.isInteger(other) ? String(other) : String(Number(other.toPrecision(12)));
    if (other !== value) all.set(text, Math.max(all.get(text) ?? 0, weight));
  }
  for (const text of inFile) if (Number(text) !== value) all.set(text, Math.max(all.get(text) ?? 0, 0.45));
  for (const text of expected)
    if (text !== node.getText() && text.length < 40) all.set(text, Math.max(all.get(text) ?? 0, /^-?[\d.]+$/.test(text) ? 0.3 : 0.2));
  return [...all].map(([text, weight]) => put(node, text.startsWith('-') ? guarded(node, text) : text, weight));
}

/** `a - -1` rather than `a --1`. */
function guarded(node: ts.Node, text: string): string {
  return ts.isPrefixUnaryExpression(node.parent) ? `(${text})` : text;
}

function strings(node: ts.StringLiteral, inFile: readonly string[], expected: readonly string[]): OperatorEdit[] {
  const all = new Map<string, number>();
  const offer = (text: string, weight: number): void => {
    if (text !== node.getText()) all.set(text, Math.max(all.get(text) ?? 0, weight));
  };
  for (const text of inFile) offer(text, 0.5);
  for (const text of expected) if (/^['"]/.test(text)) offer(text, 0.6);
  for (const text of ["''", "' '", "','", "', '", "'\\n'", "'0'", "'1'"]) offer(text, 0.5);
  const { text } = node;
  for (const changed of [text.trim(), text.toLowerCase(), text.toUpperCase(), ` ${text}`, `${text} `, text.slice(1), text.slice(0, -1)]) {
    offer(JSON.stringify(changed), 0.35);
  }
  // Single words inside an expected message may be what is misspelt.
  for (const one of expected)
    if (/^['"]/.test(one))
      for (const word of one.slice(1, -1).split(/\s+/)) if (word.length > 1 && word.length < 30) offer(JSON.stringify(word), 0.3);
  return [...all].map(([other, weight]) => put(node, other, weight));
}
