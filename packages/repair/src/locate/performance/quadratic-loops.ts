import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { descendants, endLineOf, lineOf, unwrap } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import { type CodeView, textOf } from '../code-view.ts';
import { namesRead } from '../data-flow.ts';
import { type Loop, loopsAround, loopsIn } from './loops.ts';
import type { Pattern, PatternFinder } from './pattern.ts';

/** List methods that look at every item, by the kind of repair they call for. */
const SCANS: Readonly<Record<string, string>> = {
  includes: 'membership',
  indexOf: 'membership',
  lastIndexOf: 'membership',
  find: 'find',
  findIndex: 'find',
  findLast: 'find',
  some: 'find',
  every: 'find',
  filter: 'filter',
};
/** Changes at the front move every item. */
const FRONT_METHODS = new Set(['shift', 'unshift', 'splice']);
const SMALL_LIST = 12;

/** Loops whose every pass runs over a whole list again. */
export const findQuadraticLoops: PatternFinder = (view, one) => {
  const isNamed = (node: ts.Node) => view.index.byNode.has(node) && node !== one.node;
  const loops = loopsIn(one, isNamed);
  const calls = [...descendants(one.node.body, (node) => node === one.node.body || !isNamed(node))].filter(ts.isCallExpression);
  return [
    ...calls.flatMap((call) => scanInLoop(one, call) ?? []),
    ...loops.flatMap((loop) => nestedLoop(one, loop) ?? []),
    ...loops.flatMap((loop) => copyingLoop(view, one, loop)),
  ];
};

function scanInLoop(one: CodeFunction, call: ts.CallExpression): Pattern | undefined {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  const scan = Object.hasOwn(SCANS, method) ? SCANS[method] : undefined;
  const pattern = scan ?? (FRONT_METHODS.has(method) ? 'front' : method === 'sort' || method === 'toSorted' ? 'sort' : undefined);
  const outer = loopsAround(call, one.node).find((loop) => loop.node !== call && runsOverMany(loop));
  if (pattern === undefined || outer === undefined || call.arguments.length === 0) return undefined;
  const list = callee.expression;
  if (!isSharedList(list, outer, one)) return undefined;
  const isSure = scan === 'membership' || scan === undefined || namesOfItems(one, call).some((name) => namesRead(call).has(name));
  return {
    category: 'quadratic-loop',
    node: outer.node,
    expression: textOf(call),
    explanation: `every pass of the loop on line ${lineOf(outer.node)} runs over \`${textOf(list, 60)}\` again by \`${textOf(call, 100)}\``,
    data: {
      loopStart: lineOf(outer.node),
      loopEnd: endLineOf(outer.node),
      inner: textOf(call, 2_000),
      innerLine: lineOf(call),
      collection: textOf(list, 2_000),
      outerCollection: outer.collection === undefined ? '' : textOf(outer.collection),
      pattern,
      method,
    },
    weight: pattern === 'front' ? 0.6 : isSure ? 0.95 : 0.7,
    growth: 'quadratic',
  };
}

/** `sort` calls its callback, but a scan there is not the loop that a person would name. */
function runsOverMany(loop: Loop): boolean {
  return loop.method !== 'sort' && loop.method !== 'toSorted';
}

function namesOfItems(one: CodeFunction, node: ts.Node): string[] {
  return loopsAround(node, one.node).flatMap((loop) => [...loop.items]);
}

/** The list outlives a pass of the loop (it is not part of the item) and may be long. */
function isSharedList(list: ts.Expression, outer: Loop, one: CodeFunction): boolean {
  const value = unwrap(list);
  const roots = namesRead(value);
  if ([...roots].some((name) => outer.items.has(name) || declaredWithin(name, value, outer.body))) return false;
  if (ts.isStringLiteralLike(value) || ts.isRegularExpressionLiteral(value) || ts.isArrayLiteralExpression(value)) return false;
  if (!ts.isIdentifier(value)) return roots.size > 0;
  const declared = lookup(value.text, value);
  const initializer = declared && ts.isVariableDeclaration(declared) && declared.initializer ? unwrap(declared.initializer) : undefined;
  if (initializer === undefined) return !isStringTyped(declared);
  if (ts.isArrayLiteralExpression(initializer)) return initializer.elements.length === 0 || initializer.elements.length > SMALL_LIST;
  return !ts.isStringLiteralLike(initializer) && !ts.isTemplateExpression(initializer) && one.node !== initializer;
}

function declaredWithin(name: string, from: ts.Node, body: ts.Node): boolean {
  const declared = lookup(name, from);
  return declared !== undefined && declared.pos >= body.pos && declared.end <= body.end;
}

function isStringTyped(declared: ts.Node | undefined): boolean {
  return (
    declared !== undefined &&
    (ts.isParameter(declared) || ts.isVariableDeclaration(declared)) &&
    declared.type?.kind === ts.SyntaxKind.StringKeyword
  );
}

/** A loop within a loop over the same list, or over one that does not depend on the outer item. */
function nestedLoop(one: CodeFunction, inner: Loop): Pattern | undefined {
  const outer = loopsAround(inner.node, one.node).find(runsOverMany);
  const list = inner.collection;
  if (outer?.collection === undefined || list === undefined || (inner.kind === 'callback' && inner.method !== 'forEach')) return undefined;
  if (!isSharedList(list, outer, one)) return undefined;
  const same = textOf(list) === textOf(outer.collection);
  return {
    category: 'quadratic-loop',
    node: outer.node,
    expression: textOf(inner.node, 120),
    explanation: `the loop on line ${lineOf(inner.node)} runs over ${same ? 'the same list' : `all of \`${textOf(list, 60)}\``} in every pass of the loop on line ${lineOf(outer.node)}`,
    data: {
      loopStart: lineOf(outer.node),
      loopEnd: endLineOf(outer.node),
      inner: textOf(inner.node, 2_000),
      innerLine: lineOf(inner.node),
      collection: textOf(list, 2_000),
      outerCollection: textOf(outer.collection),
      pattern: 'nested-loop',
    },
    weight: same ? 0.9 : 0.75,
    growth: 'quadratic',
  };
}

/** `acc = [...acc, x]`, `{ ...acc, [k]: v }`, `acc.concat(x)` in a loop or reduction copy all that was gathered so far. */
function copyingLoop(_view: CodeView, one: CodeFunction, loop: Loop): Pattern[] {
  const [accumulator] = loop.method === 'reduce' || loop.method === 'reduceRight' ? loop.items : [];
  const found: Pattern[] = [];
  for (const node of descendants(loop.body)) {
    const copied = copiedName(node);
    if (copied === undefined || loopsAround(node, one.node).find((other) => other.node === loop.node) === undefined) continue;
    const isGathered = copied === accumulator || isAssignedTo(node, copied);
    if (!isGathered || (copied !== accumulator && declaredWithin(copied, node, loop.body))) continue;
    found.push({
      category: 'quadratic-loop',
      node: loop.node,
      expression: textOf(node),
      explanation: `every pass copies all of \`${copied}\` by \`${textOf(node, 100)}\``,
      data: {
        loopStart: lineOf(loop.node),
        loopEnd: endLineOf(loop.node),
        inner: textOf(node, 2_000),
        innerLine: lineOf(node),
        collection: copied,
        outerCollection: loop.collection === undefined ? '' : textOf(loop.collection),
        pattern: 'spread-accumulation',
      },
      weight: 0.85,
      growth: 'quadratic',
    });
  }
  return found;
}

function copiedName(node: ts.Node): string | undefined {
  if (ts.isArrayLiteralExpression(node)) {
    const spread = node.elements.find(ts.isSpreadElement);
    return spread && ts.isIdentifier(spread.expression) ? spread.expression.text : undefined;
  }
  if (ts.isObjectLiteralExpression(node)) {
    const spread = node.properties.find(ts.isSpreadAssignment);
    return spread && ts.isIdentifier(spread.expression) ? spread.expression.text : undefined;
  }
  const isConcat = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'concat';
  return isConcat && ts.isPropertyAccessExpression(node.expression) && ts.isIdentifier(node.expression.expression)
    ? node.expression.expression.text
    : undefined;
}

function isAssignedTo(node: ts.Node, name: string): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === node &&
    parent.left.getText() === name
  );
}
