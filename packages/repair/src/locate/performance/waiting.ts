import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { descendants, isFunctionNode, lineOf, unwrap } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import { type CodeView, textOf } from '../code-view.ts';
import { loopsAround } from './loops.ts';
import type { Pattern, PatternFinder } from './pattern.ts';

const SLEEP_NAMES = /^(?:sleep|delay|wait|pause|setTimeout|timeout|waitFor|delayMs|sleepMs)$/i;
const SYNC_IO = /(?:^|\.)\w+Sync$/;

/** Waits that the code itself makes: `await sleep(500)`, `await new Promise((done) => setTimeout(done, 500))`. */
export const findWaits: PatternFinder = (view, one) =>
  ownAwaits(view, one).flatMap((node): Pattern[] => {
    const wait = waitOf(node.expression);
    if (wait === undefined || wait.ms === 0) return [];
    return [
      {
        category: 'unexplained-wait',
        node,
        expression: textOf(node),
        explanation: `\`${textOf(node, 100)}\` waits${wait.ms === undefined ? '' : ` ${wait.ms} ms`} on purpose`,
        data: { waitLine: lineOf(node), ms: wait.ms ?? 0, statement: textOf(node, 500), inLoop: loopsAround(node, one.node).length > 0 },
        weight: wait.ms === undefined ? 0.6 : 0.8,
        growth: 'constant',
      },
    ];
  });

function ownAwaits(view: CodeView, one: CodeFunction): ts.AwaitExpression[] {
  const isNamed = (node: ts.Node) => view.index.byNode.has(node) && node !== one.node;
  return [...descendants(one.node.body, (node) => node === one.node.body || !isNamed(node))].filter(ts.isAwaitExpression);
}

/** The wait that an awaited expression is, with its milliseconds where they are written down. */
export function waitOf(expression: ts.Expression): { ms: number | undefined } | undefined {
  const value = unwrap(expression);
  if (ts.isCallExpression(value)) {
    const name = ts.isPropertyAccessExpression(value.expression) ? value.expression.name.text : value.expression.getText();
    return SLEEP_NAMES.test(name) ? { ms: numberOf(value.arguments[0]) } : undefined;
  }
  if (!ts.isNewExpression(value) || value.expression.getText() !== 'Promise') return undefined;
  for (const node of descendants(value)) {
    if (ts.isCallExpression(node) && /(?:^|\.)setTimeout$/.test(node.expression.getText())) return { ms: numberOf(node.arguments[1]) };
  }
  return undefined;
}

function numberOf(expression: ts.Expression | undefined): number | undefined {
  const value = expression && unwrap(expression);
  if (value === undefined) return undefined;
  if (ts.isNumericLiteral(value)) return Number(value.text.replaceAll('_', ''));
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    const left = numberOf(value.left);
    const right = numberOf(value.right);
    return left === undefined || right === undefined ? undefined : left * right;
  }
  const declared = ts.isIdentifier(value) ? lookup(value.text, value) : undefined;
  return declared && ts.isVariableDeclaration(declared) ? numberOf(declared.initializer) : undefined;
}

/** Blocking input and output while other requests wait. */
export const findSyncIo: PatternFinder = (view, one) => {
  const isNamed = (node: ts.Node) => view.index.byNode.has(node) && node !== one.node;
  const calls = [...descendants(one.node.body, (node) => node === one.node.body || !isNamed(node))].filter(ts.isCallExpression);
  return calls.filter((call) => SYNC_IO.test(call.expression.getText())).map((call) => toPattern(call, readsOnlyConstants(call, one)));
};

function toPattern(call: ts.CallExpression, constant: boolean): Pattern {
  const shown = textOf(call);
  return {
    category: constant ? 'loop-invariant' : 'unknown',
    node: call,
    expression: shown,
    explanation: constant
      ? `\`${shown}\` reads the same in every call and blocks all others meanwhile`
      : `\`${shown}\` blocks all other requests`,
    data: { kind: 'sync-io', expression: textOf(call, 2_000), ...(constant ? { scope: 'module' } : {}) },
    weight: constant ? 0.8 : 0.55,
    growth: 'constant',
  };
}

/** Its arguments come from outside the function and never change. */
function readsOnlyConstants(call: ts.CallExpression, one: CodeFunction): boolean {
  return call.arguments.every((argument) =>
    [...descendants(argument)].every((node) => {
      if (isFunctionNode(node) || node.kind === ts.SyntaxKind.ThisKeyword) return false;
      if (!ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) return true;
      const declared = lookup(node.text, node);
      return declared === undefined || declared.pos < one.node.pos || declared.end > one.node.end;
    }),
  );
}
