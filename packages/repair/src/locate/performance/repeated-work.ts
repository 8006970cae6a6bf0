import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants, endLineOf, lineOf } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import { type CodeView, textOf } from '../code-view.ts';
import { namesRead, namesWritten } from '../data-flow.ts';
import { type Loop, loopsAround } from './loops.ts';
import type { Pattern, PatternFinder } from './pattern.ts';
import { isPure, isPureCall } from './purity.ts';

/** Calls of the platform that cost enough to be worth doing once. */
const COSTLY = /^(?:JSON\.(?:parse|stringify)|structuredClone|Object\.(?:keys|values|entries|fromEntries)|Array\.from)$/;
const COSTLY_CLASSES = /^(?:RegExp|Intl\.\w+|Set|Map|URL)$/;
const COSTLY_METHODS = new Set('filter map flatMap reduce sort toSorted slice concat join split'.split(' '));
const SYNC_IO = /(?:^|\.)(?:\w+Sync)$/;

/** Work done in every pass of a loop although nothing in it changes. */
export const findLoopInvariants: PatternFinder = (view, one) => {
  const found: Pattern[] = [];
  for (const node of workOf(view, one)) {
    const [loop] = loopsAround(node, one.node).filter((around) => around.node !== node);
    if (loop === undefined || !isCostly(view, one, node) || changesWithin(node, loop)) continue;
    found.push({
      category: 'loop-invariant',
      node,
      expression: textOf(node),
      explanation: `\`${textOf(node, 100)}\` gives the same in every pass of the loop on line ${lineOf(loop.node)}`,
      data: { expression: textOf(node, 2_000), loopStart: lineOf(loop.node), loopEnd: endLineOf(loop.node), scope: 'loop' },
      weight: SYNC_IO.test(node.expression.getText()) ? 0.95 : 0.75,
      growth: 'linear',
    });
  }
  return found;
};

type Work = ts.CallExpression | ts.NewExpression;

/** Calls and constructions whose value is used, outermost first. */
function workOf(view: CodeView, one: CodeFunction): Work[] {
  const isNamed = (node: ts.Node) => view.index.byNode.has(node) && node !== one.node;
  const all = [...descendants(one.node.body, (node) => node === one.node.body || !isNamed(node))];
  return all.filter(
    (node): node is Work => (ts.isCallExpression(node) || ts.isNewExpression(node)) && !ts.isExpressionStatement(node.parent),
  );
}

function isCostly(view: CodeView, one: CodeFunction, node: Work): boolean {
  const callee = node.expression.getText();
  if (ts.isNewExpression(node)) return COSTLY_CLASSES.test(callee);
  if (COSTLY.test(callee) || SYNC_IO.test(callee)) return true;
  const called = resolveFunctions(view.index, one.file, node.expression);
  if (called.length > 0) return called.every((other) => other !== one && hasLoopOrCalls(view, other) && isPure(view, other));
  return ts.isPropertyAccessExpression(node.expression) && COSTLY_METHODS.has(node.expression.name.text) && isPureCall(view, one, node);
}

/** A function of a line or two costs less than a variable for its result reads. */
function hasLoopOrCalls(view: CodeView, one: CodeFunction): boolean {
  return (
    one.endLine - one.startLine >= 2 ||
    (view.infoById.get(one.id)?.calls.length ?? 0) > 0 ||
    /\.(?:map|filter|reduce|sort|find|forEach)\(/.test(one.node.getText())
  );
}

function changesWithin(node: ts.Node, loop: Loop): boolean {
  const written = new Set([...namesWritten(loop.node), ...loop.items]);
  return [...namesRead(node)].some((name) => written.has(name) || isDeclaredIn(name, node, loop.node));
}

function isDeclaredIn(name: string, from: ts.Node, container: ts.Node): boolean {
  const declared = lookup(name, from);
  return (
    declared !== undefined &&
    declared.pos >= container.pos &&
    declared.end <= container.end &&
    !(declared.pos >= from.pos && declared.end <= from.end)
  );
}

/** The same pure call made again with the same arguments; and pure functions that call themselves more than once. */
export const findRepeatedCalls: PatternFinder = (view, one) => [...repeatedInBody(view, one), ...branchingRecursion(view, one)];

function repeatedInBody(view: CodeView, one: CodeFunction): Pattern[] {
  const groups = new Map<string, Work[]>();
  for (const node of workOf(view, one)) {
    if (loopsAround(node, one.node).length > 0 || !ts.isCallExpression(node)) continue;
    groups.set(textOf(node, 2_000), [...(groups.get(textOf(node, 2_000)) ?? []), node]);
  }
  const written = namesWritten(one.node.body);
  return [...groups].flatMap(([text, [first, ...again]]): Pattern[] => {
    if (first === undefined || again.length === 0 || !isCostly(view, one, first)) return [];
    if ([...namesRead(first)].some((name) => written.has(name) && !isDeclaredOnce(name, first))) return [];
    return [
      {
        category: 'repeated-pure-call',
        node: first,
        expression: text,
        explanation: `\`${textOf(first, 100)}\` is computed ${again.length + 1} times with the same arguments`,
        data: { function: one.id, call: text, lines: [first, ...again].map(lineOf), kind: 'same-arguments' },
        weight: 0.55,
        growth: 'constant',
      },
    ];
  });
}

/** Declared with a value and never written again. */
function isDeclaredOnce(name: string, from: ts.Node): boolean {
  const declared = lookup(name, from);
  return declared !== undefined && ts.isVariableDeclaration(declared) && (declared.parent.flags & ts.NodeFlags.Const) !== 0;
}

function branchingRecursion(view: CodeView, one: CodeFunction): Pattern[] {
  const own = [...descendants(one.node.body)].filter(
    (node): node is ts.CallExpression =>
      ts.isCallExpression(node) && resolveFunctions(view.index, one.file, node.expression).some((called) => called === one),
  );
  const [first] = own;
  if (first === undefined || own.length < 2) return [];
  return [
    {
      category: 'repeated-pure-call',
      node: one.node,
      expression: textOf(first),
      explanation: `\`${one.name}\` calls itself ${own.length} times, so the same arguments come again and again`,
      data: {
        function: one.id,
        call: textOf(first, 2_000),
        lines: own.map(lineOf),
        kind: 'recursion',
        pure: isPureRecursion(view, one, own),
      },
      weight: 0.7,
      growth: 'quadratic',
    },
  ];
}

/** Pure but for its calls to itself. */
function isPureRecursion(view: CodeView, one: CodeFunction, own: readonly ts.CallExpression[]): boolean {
  const calls = [...descendants(one.node.body)].filter(ts.isCallExpression).filter((call) => !own.includes(call));
  return (
    [...namesWritten(one.node.body)].every(
      (name) => lookup(name, one.node.body) === undefined || isDeclaredIn(name, one.node.body, one.node.body),
    ) && calls.every((call) => isPureCall(view, one, call))
  );
}
