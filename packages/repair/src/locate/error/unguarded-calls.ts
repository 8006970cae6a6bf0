import { ts } from 'ts-morph';
import { isFunctionNode } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { traceOrigin } from '../trace-origin.ts';
import { type ErrorScene, findHits, type Hit, scoresOf } from './error-scene.ts';

/** `JSON.parse` (and `response.json()`) of text that is not JSON. */
export function findUnguardedParse(scene: ErrorScene): Finding[] {
  const direct = findHits(scene, isJsonParse);
  const hits: Hit<ts.CallExpression>[] = direct.length > 0 ? direct : findHits(scene, isJsonRead);
  return hits.map((hit) => {
    const [text] = hit.node.arguments;
    const variable = text === undefined ? textOf(hit.node) : textOf(text);
    const guarded = isGuarded(hit.node);
    return {
      category: 'unguarded-parse',
      location: locationOf(scene.view, hit.node),
      expression: textOf(hit.node),
      explanation: `\`${textOf(hit.node)}\` fails on text that is not JSON, and nothing ${guarded ? 'but a far catch' : ''} handles that`,
      data: { call: textOf(hit.node, 2_000), variable, ...originData(scene, text) },
      facts: [
        {
          statement: `\`${textOf(hit.node)}\` stands in no try block of its function`,
          kind: 'code' as const,
          at: locationOf(scene.view, hit.node),
        },
      ],
      guesses: [`\`${variable}\` is not always JSON`],
      scores: scoresOf(scene, hit, { factor: guarded ? 0.5 : 1.1, why: guarded ? 'it is inside a try block' : 'parses without a guard' }),
    };
  });
}

function originData(scene: ErrorScene, text: ts.Expression | undefined): { origin?: string } {
  const file = text && scene.view.index.files.get(text.getSourceFile().fileName);
  return text === undefined || file === undefined ? {} : { origin: traceOrigin(scene.view, file, text).kind };
}

function isJsonParse(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /(?:^|\.)JSON\??\.parse$/.test(node.expression.getText());
}

function isJsonRead(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    node.arguments.length === 0 &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'json'
  );
}

/** A try block with a catch around the call, within its function. */
export function isGuarded(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined && !isFunctionNode(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause !== undefined) return true;
  }
  return false;
}

const DATE_METHODS = /^(?:toISOString|toJSON|format|formatToParts|formatRange)$/;

/** A date made of something that is no date, found where it is printed. */
export function findInvalidDate(scene: ErrorScene): Finding[] {
  const accepts = (node: ts.Node): node is ts.CallExpression =>
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && DATE_METHODS.test(node.expression.name.text);
  return findHits(scene, accepts, (call) => (ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call)).map((hit) => {
    const date = printedDate(hit.node);
    const file = date && scene.view.index.files.get(date.getSourceFile().fileName);
    const origin = date && file && traceOrigin(scene.view, file, date);
    const made = origin && ts.isNewExpression(origin.expression) ? origin.expression : date && newDateIn(date);
    const input = made?.arguments?.[0];
    return {
      category: 'invalid-date',
      location: locationOf(scene.view, hit.node),
      expression: textOf(hit.node),
      explanation: `\`${textOf(hit.node)}\` fails where ${input === undefined ? 'the date' : `\`${textOf(input)}\``} is no valid date`,
      data: {
        expression: textOf(hit.node, 2_000),
        date: date === undefined ? '' : textOf(date),
        ...(input === undefined ? {} : { input: textOf(input) }),
        ...(made === undefined ? {} : { constructed: textOf(made), constructedLine: locationOf(scene.view, made).line }),
      },
      facts: [
        {
          statement: `\`${textOf(hit.node)}\` throws on an invalid date, and nothing checks it before`,
          kind: 'code' as const,
          at: locationOf(scene.view, hit.node),
        },
      ],
      guesses: [input === undefined ? 'the date is built from bad input' : `\`${textOf(input)}\` is missing or not a date in some calls`],
      scores: scoresOf(scene, hit, { factor: 1.05, why: 'prints a date' }),
    };
  });
}

/** `date` of `date.toISOString()`; the argument of `formatter.format(date)`. */
function printedDate(call: ts.CallExpression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
  return call.expression.name.text.startsWith('to') ? call.expression.expression : call.arguments[0];
}

function newDateIn(node: ts.Expression): ts.NewExpression | undefined {
  let at: ts.Node = node;
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at) || ts.isParenthesizedExpression(at)) at = at.expression;
  return ts.isNewExpression(at) && at.expression.getText() === 'Date' ? at : undefined;
}

/** Operations that fail for some values of the right type: kept as `unknown`, with the expression and what is known of it. */
export function findFailingOperation(scene: ErrorScene, kind: 'invalid-length' | 'empty-reduce' | 'bigint-mix'): Finding[] {
  const hits = findHits(scene, OPERATIONS[kind]);
  return hits.map((hit) => ({
    category: kind === 'empty-reduce' ? 'out-of-bounds' : 'unknown',
    location: locationOf(scene.view, hit.node),
    expression: textOf(hit.node),
    explanation: `\`${textOf(hit.node)}\` ${REASONS[kind]}`,
    data: { kind, expression: textOf(hit.node, 2_000), ...reducedArray(hit.node) },
    facts: [
      {
        statement: `\`${textOf(hit.node)}\` is the operation that the message speaks of`,
        kind: 'code' as const,
        at: locationOf(scene.view, hit.node),
      },
    ],
    guesses: [],
    scores: scoresOf(scene, hit, { factor: 0.95, why: 'fits the message' }),
  }));
}

const REASONS = {
  'invalid-length': 'gets a length that is negative, fractional or too large',
  'empty-reduce': 'reduces an empty list without a first value',
  'bigint-mix': 'mixes BigInt and number',
} as const;

const ARITHMETIC = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
]);

const OPERATIONS: Readonly<Record<keyof typeof REASONS, (node: ts.Node) => node is ts.Expression>> = {
  'invalid-length': (node): node is ts.Expression =>
    (ts.isNewExpression(node) && /^(?:Array|\w+Array|ArrayBuffer|Buffer)$/.test(node.expression.getText())) ||
    (ts.isCallExpression(node) && /(?:^Array|\.repeat|\.alloc|\.padStart|\.padEnd)$/.test(node.expression.getText())),
  'empty-reduce': (node): node is ts.Expression =>
    ts.isCallExpression(node) && node.arguments.length === 1 && /\.reduce(?:Right)?$/.test(node.expression.getText()),
  'bigint-mix': (node): node is ts.Expression => ts.isBinaryExpression(node) && ARITHMETIC.has(node.operatorToken.kind),
};

function reducedArray(node: ts.Node): { array?: string; index?: string } {
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
    ? { array: textOf(node.expression.expression), index: '0' }
    : {};
}
