import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { descendants, type FunctionNode, isFunctionNode } from '../../codebase/syntax/parse-source.ts';

export type LoopKind = 'for' | 'for-of' | 'for-in' | 'while' | 'do' | 'callback';

/** Code that runs once for each item: a loop statement, or a callback of a list method. */
export interface Loop {
  readonly kind: LoopKind;
  readonly node: ts.Node;
  readonly body: ts.Node;
  /** Names that stand for the current item or its position. */
  readonly items: ReadonlySet<string>;
  /** What is run over, where it is written down. */
  readonly collection: ts.Expression | undefined;
  /** The list method of a callback loop. */
  readonly method: string | undefined;
}

const LIST_METHODS = new Set('map forEach filter find findIndex findLast some every flatMap reduce reduceRight sort toSorted'.split(' '));

/** All loops of a function, outer ones first; those of named functions within it are their own. */
export function loopsIn(one: CodeFunction, isNamed: (node: ts.Node) => boolean): Loop[] {
  const enter = (node: ts.Node) => node === one.node.body || !isNamed(node);
  return [...descendants(one.node.body, enter)].flatMap((node) => toLoop(node) ?? []);
}

export function toLoop(node: ts.Node): Loop | undefined {
  if (ts.isForOfStatement(node))
    return { ...statement('for-of', node), items: declaredNames(node.initializer), collection: node.expression };
  if (ts.isForInStatement(node))
    return { ...statement('for-in', node), items: declaredNames(node.initializer), collection: node.expression };
  if (ts.isForStatement(node))
    return { ...statement('for', node), items: declaredNames(node.initializer), collection: boundedBy(node.condition) };
  if (ts.isWhileStatement(node)) return { ...statement('while', node), items: new Set(), collection: boundedBy(node.expression) };
  if (ts.isDoStatement(node)) return { ...statement('do', node), items: new Set(), collection: boundedBy(node.expression) };
  return callbackLoop(node);
}

function statement(kind: LoopKind, node: ts.IterationStatement): Pick<Loop, 'kind' | 'node' | 'body' | 'method'> {
  return { kind, node, body: node.statement, method: undefined };
}

function callbackLoop(node: ts.Node): Loop | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  const callback = node.arguments.find((one): one is ts.ArrowFunction | ts.FunctionExpression => isFunctionNode(one));
  if (!LIST_METHODS.has(method) || callback === undefined) return undefined;
  return { kind: 'callback', node, body: callback.body, items: parameterNames(callback), collection: node.expression.expression, method };
}

function declaredNames(initializer: ts.ForInitializer | undefined): Set<string> {
  const names = new Set<string>();
  if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) {
    for (const declaration of initializer.declarations) addNames(declaration.name, names);
  } else if (initializer !== undefined && ts.isIdentifier(initializer)) names.add(initializer.text);
  return names;
}

function parameterNames(callback: FunctionNode): Set<string> {
  const names = new Set<string>();
  for (const parameter of callback.parameters) addNames(parameter.name, names);
  return names;
}

function addNames(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) addNames(element.name, names);
}

/** `list` of `i < list.length`. */
function boundedBy(condition: ts.Expression | undefined): ts.Expression | undefined {
  if (condition === undefined) return undefined;
  for (const node of descendants(condition)) {
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'length') return node.expression;
  }
  return undefined;
}

/** Loops around a node within its own function, innermost first. A callback of a list method counts as a loop. */
export function loopsAround(node: ts.Node, within: ts.Node): Loop[] {
  const found: Loop[] = [];
  let below = node;
  for (let at: ts.Node | undefined = node.parent; at !== undefined && below !== within; at = at.parent) {
    const loop = toLoop(at);
    if (loop !== undefined && isInside(node, loop.body)) found.push(loop);
    below = at;
  }
  return found;
}

function isInside(node: ts.Node, container: ts.Node): boolean {
  return node.pos >= container.pos && node.end <= container.end;
}
