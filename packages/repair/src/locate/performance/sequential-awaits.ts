import { ts } from 'ts-morph';
import { descendants, endLineOf, isFunctionNode, lineOf } from '../../codebase/syntax/parse-source.ts';
import { textOf } from '../code-view.ts';
import { namesRead, namesWritten } from '../data-flow.ts';
import { type Loop, loopsIn } from './loops.ts';
import type { Pattern, PatternFinder } from './pattern.ts';

/** Awaits that run one after the other although none needs the result of the one before. */
export const findSequentialAwaits: PatternFinder = (view, one) => {
  const isNamed = (node: ts.Node) => view.index.byNode.has(node) && node !== one.node;
  const loops = loopsIn(one, isNamed).flatMap((loop) => sequentialLoop(loop) ?? []);
  const blocks = [...descendants(one.node.body, (node) => node === one.node.body || !isNamed(node))].filter(ts.isBlock);
  return [...loops, ...blocks.flatMap(awaitsInARow)];
};

function sequentialLoop(loop: Loop): Pattern | undefined {
  if (loop.kind === 'callback') return loop.method === 'reduce' ? reduceChain(loop) : undefined;
  if (ts.isForOfStatement(loop.node) && loop.node.awaitModifier !== undefined) return undefined;
  const awaits = awaitsOf(loop.body);
  const [first] = awaits;
  if (first === undefined) return undefined;
  const dependence = whyDependent(loop);
  const shown = textOf(first);
  return {
    category: 'sequential-awaits',
    node: loop.node,
    expression: shown,
    explanation: `each pass of the loop waits for \`${shown}\` before the next begins${dependence === undefined ? ', though no pass needs another' : `; ${dependence}`}`,
    data: {
      loop: loop.kind,
      loopStart: lineOf(loop.node),
      loopEnd: endLineOf(loop.node),
      awaits: awaits.map((node) => textOf(node)),
      collection: loop.collection === undefined ? '' : textOf(loop.collection),
      items: [...loop.items],
      independent: dependence === undefined,
      ...(dependence === undefined ? {} : { dependence }),
    },
    weight: dependence === undefined ? 1 : 0.35,
    growth: 'linear',
  };
}

/** `items.reduce(async (before, item) => { await before; ... })` is a loop too. */
function reduceChain(loop: Loop): Pattern | undefined {
  const [accumulator] = loop.items;
  const awaits = awaitsOf(loop.body);
  const waitsForBefore = awaits.some((node) => accumulator !== undefined && namesRead(node).has(accumulator));
  if (!waitsForBefore || awaits.length < 2) return undefined;
  return {
    category: 'sequential-awaits',
    node: loop.node,
    expression: textOf(loop.node, 120),
    explanation: 'each step of the reduction waits for the one before',
    data: {
      loop: 'reduce',
      loopStart: lineOf(loop.node),
      loopEnd: endLineOf(loop.node),
      awaits: awaits.map((node) => textOf(node)),
      independent: true,
    },
    weight: 0.8,
    growth: 'linear',
  };
}

/** Awaits that the loop itself runs, not those of functions made in it. */
function awaitsOf(body: ts.Node): ts.AwaitExpression[] {
  return [...descendants(body, (node) => !isFunctionNode(node))].filter(ts.isAwaitExpression);
}

/** Why passes cannot run at once; undefined where nothing speaks against it. */
function whyDependent(loop: Loop): string | undefined {
  for (const node of descendants(loop.body, (at) => !isFunctionNode(at))) {
    if (ts.isReturnStatement(node) || (ts.isBreakStatement(node) && !ts.findAncestor(node, ts.isSwitchStatement)))
      return `\`${textOf(node, 60)}\` ends the loop early`;
  }
  if (loop.kind === 'while' || loop.kind === 'do') return 'how often it runs depends on what it does';
  const declared = new Set([...declaredIn(loop.body), ...loop.items]);
  const shared = [...namesWritten(loop.body)].filter((name) => !declared.has(name));
  const needed = shared.find((name) => isReadBesideGathering(loop.body, name));
  return needed === undefined ? undefined : `a pass reads \`${needed}\`, which an earlier one wrote`;
}

function declaredIn(body: ts.Node): string[] {
  return [...descendants(body)].filter(ts.isVariableDeclaration).flatMap((node) => [...namesWritten(node)]);
}

/** Whether a name is used otherwise than to gather results: `list.push(x)`, `sum += x`, `map.set(k, x)`, `table[k] = x`. */
function isReadBesideGathering(body: ts.Node, name: string): boolean {
  return [...descendants(body)].some((node) => ts.isIdentifier(node) && node.text === name && !isMember(node) && !isGathering(node));
}

function isMember(name: ts.Identifier): boolean {
  const { parent } = name;
  return (ts.isPropertyAccessExpression(parent) && parent.name === name) || (ts.isPropertyAssignment(parent) && parent.name === name);
}

function isGathering(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent))
    return (
      /^(?:push|set|add|append)$/.test(parent.name.text) &&
      ts.isCallExpression(parent.parent) &&
      ts.isExpressionStatement(parent.parent.parent)
    );
  const target = ts.isElementAccessExpression(parent) && parent.expression === name ? parent : name;
  const holder = target.parent;
  if (ts.isPostfixUnaryExpression(holder) || ts.isPrefixUnaryExpression(holder)) return ts.isExpressionStatement(holder.parent);
  if (!ts.isBinaryExpression(holder) || holder.left !== target || !ts.isExpressionStatement(holder.parent)) return false;
  const { kind } = holder.operatorToken;
  return kind === ts.SyntaxKind.PlusEqualsToken || (kind === ts.SyntaxKind.EqualsToken && target !== name);
}

/** `const a = await x(); const b = await y();` where `y()` needs nothing of `a`. */
function awaitsInARow(block: ts.Block): Pattern[] {
  const found: Pattern[] = [];
  let row: ts.VariableStatement[] = [];
  const close = () => {
    const pattern = rowPattern(row);
    if (pattern !== undefined) found.push(pattern);
    row = [];
  };
  for (const statement of block.statements) {
    if (!isAwaitedDeclaration(statement)) close();
    else {
      const known = new Set(row.flatMap((one) => declaredIn(one)));
      if ([...namesRead(statement)].some((name) => known.has(name))) close();
      row.push(statement);
    }
  }
  close();
  return found;
}

function isAwaitedDeclaration(statement: ts.Statement): statement is ts.VariableStatement {
  if (!ts.isVariableStatement(statement)) return false;
  const { declarations } = statement.declarationList;
  return declarations.length === 1 && declarations[0]?.initializer !== undefined && ts.isAwaitExpression(declarations[0].initializer);
}

function rowPattern(row: readonly ts.VariableStatement[]): Pattern | undefined {
  const [first] = row;
  const last = row.at(-1);
  if (first === undefined || last === undefined || row.length < 2) return undefined;
  return {
    category: 'sequential-awaits',
    node: first,
    expression: textOf(first),
    explanation: `${row.length} awaits in a row, none of which needs the one before`,
    data: {
      loop: 'statements',
      loopStart: lineOf(first),
      loopEnd: endLineOf(last),
      awaits: row.map((one) => textOf(one)),
      independent: true,
    },
    weight: 0.45,
    growth: 'constant',
  };
}
