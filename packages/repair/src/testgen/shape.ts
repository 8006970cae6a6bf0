import { type CallExpression, Node, SyntaxKind } from 'ts-morph';
import { type FunctionNode, functionName, isFunctionNode } from '../templates/syntax-tree.ts';
import { referencesIn } from './parameter-use.ts';

/** What code expects a value to be, judged by what it does with it. `missing` marks the place where the fault needs nothing to be. */
export type Shape =
  | { kind: 'object'; members: Map<string, Shape> }
  | { kind: 'list'; item: Shape }
  | { kind: 'text'; value?: string }
  | { kind: 'number'; value?: number }
  | { kind: 'truth' }
  | { kind: 'function'; gives: Shape; promise: boolean }
  | { kind: 'missing' }
  | { kind: 'any' };

export interface ShapeOptions {
  /** The value that is missing when the fault shows: no shape is asked of it. */
  readonly missing?: Node;
  /** Code that must be reached: values in conditions around it are chosen so that it is. */
  readonly reach?: Node;
}

const ANY: Shape = { kind: 'any' };
const MAX_DEPTH = 12;

/** The shape of what is bound to a name or pattern, by its uses within a function (and in functions of the file that it is passed to). */
export function shapeOfBinding(name: Node, scope: Node, options: ShapeOptions, depth = 0): Shape {
  if (depth > MAX_DEPTH) return ANY;
  if (Node.isObjectBindingPattern(name)) {
    const members = name.getElements().map((element): [string, Shape] => {
      const key = element.getPropertyNameNode()?.getText() ?? element.getName();
      return [key, shapeOfBinding(element.getNameNode(), scope, options, depth + 1)];
    });
    return { kind: 'object', members: new Map(members) };
  }
  if (Node.isArrayBindingPattern(name)) {
    const items = name
      .getElements()
      .map((element) => (Node.isBindingElement(element) ? shapeOfBinding(element.getNameNode(), scope, options, depth + 1) : ANY));
    return { kind: 'list', item: items.reduce(merge, ANY) };
  }
  const isMissing = options.missing !== undefined && Node.isIdentifier(options.missing) && declares(options.missing, name);
  if (isMissing) return { kind: 'missing' };
  return referencesIn(scope, name.getText())
    .map((reference) => shapeOfUse(reference, options, depth + 1))
    .reduce(merge, ANY);
}

function declares(reference: Node, name: Node): boolean {
  return (
    reference
      .getSymbol()
      ?.getDeclarations()
      .some((declaration) => declaration === name.getParent() || declaration === name) ?? false
  );
}

/** The shape that one use asks of an expression. */
export function shapeOfUse(expression: Node, options: ShapeOptions, depth: number): Shape {
  const parent = expression.getParent();
  if (!parent || depth > MAX_DEPTH) return ANY;
  if (options.missing === expression) return { kind: 'missing' };
  if (Node.isPropertyAccessExpression(parent) && parent.getExpression() === expression)
    return memberUse(parent, parent.getName(), options, depth);
  if (Node.isElementAccessExpression(parent) && parent.getExpression() === expression) return elementUse(parent, options, depth);
  if (
    Node.isAwaitExpression(parent) ||
    Node.isParenthesizedExpression(parent) ||
    Node.isAsExpression(parent) ||
    Node.isNonNullExpression(parent)
  )
    return shapeOfUse(parent, options, depth);
  if (Node.isVariableDeclaration(parent) && parent.getInitializer() === expression)
    return shapeOfBinding(parent.getNameNode(), scopeOf(parent), options, depth + 1);
  if (Node.isForOfStatement(parent) && parent.getExpression() === expression)
    return { kind: 'list', item: loopItem(parent, options, depth) };
  if (Node.isSpreadElement(parent)) return { kind: 'list', item: ANY };
  if (Node.isBinaryExpression(parent))
    return operand(
      expression,
      parent.getOperatorToken().getText(),
      parent.getLeft() === expression ? parent.getRight() : parent.getLeft(),
      options,
      depth,
    );
  if (Node.isTemplateSpan(parent)) return { kind: 'text' };
  if (Node.isCallExpression(parent) && parent.getExpression() === expression)
    return { kind: 'function', gives: shapeOfUse(parent, options, depth + 1), promise: Node.isAwaitExpression(parent.getParent()) };
  if (Node.isCallExpression(parent) || Node.isNewExpression(parent)) return argumentUse(expression, parent, options, depth);
  return ANY;
}

const LIST_METHODS =
  /^(map|filter|forEach|reduce|reduceRight|some|every|find|findIndex|findLast|flatMap|join|sort|toSorted|push|pop|shift|unshift|at|reverse|flat|entries|splice)$/;
const TEXT_METHODS =
  /^(trim\w*|to(Upper|Lower)Case|split|replace(All)?|startsWith|endsWith|charAt|charCodeAt|padStart|padEnd|match|matchAll|substring|localeCompare|normalize|repeat)$/;
const TAKES_ONE = /^(find|findLast|pop|shift|at)$/;
const KEEPS_ITEMS = /^(filter|sort|toSorted|reverse|slice)$/;

function memberUse(access: Node, name: string, options: ShapeOptions, depth: number): Shape {
  if (options.missing === access) return { kind: 'object', members: new Map([[name, { kind: 'missing' }]]) };
  const call = access.getParent();
  const isCall = Node.isCallExpression(call) && call.getExpression() === access;
  // An awaited `find` is that of a store, not of a list.
  if (isCall && LIST_METHODS.test(name) && !Node.isAwaitExpression(call.getParent())) return listUse(call, name, options, depth);
  if (isCall && TEXT_METHODS.test(name)) return { kind: 'text' };
  if (isCall && /^(toFixed|toPrecision)$/.test(name)) return { kind: 'number' };
  if (isCall && /^(slice|includes|indexOf|concat)$/.test(name)) return /^slice$/.test(name) ? shapeOfUse(call, options, depth + 1) : ANY;
  if (isCall && name === 'then') return promiseUse(call, options, depth);
  if (!isCall && name === 'length') return ANY;
  return { kind: 'object', members: new Map([[name, shapeOfUse(access, options, depth + 1)]]) };
}

function listUse(call: CallExpression, method: string, options: ShapeOptions, depth: number): Shape {
  const [callback] = call.getArguments();
  const parameter = callback && isFunctionNode(callback) ? callback.getParameters()[method.startsWith('reduce') ? 1 : 0] : undefined;
  const item = parameter && callback ? shapeOfBinding(parameter.getNameNode(), callback, options, depth + 1) : ANY;
  const result = shapeOfUse(call, options, depth + 1);
  // The fault needs that nothing is found: an empty list does that for any condition.
  if (TAKES_ONE.test(method)) return { kind: 'list', item: merge(item, result) };
  if (KEEPS_ITEMS.test(method))
    return { kind: 'list', item: result.kind === 'list' ? merge(item, result.item) : result.kind === 'missing' ? result : item };
  return { kind: 'list', item };
}

function promiseUse(call: CallExpression, options: ShapeOptions, depth: number): Shape {
  const [callback] = call.getArguments();
  const parameter = callback && isFunctionNode(callback) ? callback.getParameters()[0] : undefined;
  return parameter && callback ? shapeOfBinding(parameter.getNameNode(), callback, options, depth + 1) : ANY;
}

function elementUse(access: Node, options: ShapeOptions, depth: number): Shape {
  if (options.missing === access) return { kind: 'missing' };
  const key = Node.isElementAccessExpression(access) ? access.getArgumentExpression() : undefined;
  if (Node.isStringLiteral(key))
    return { kind: 'object', members: new Map([[key.getLiteralText(), shapeOfUse(access, options, depth + 1)]]) };
  const item = shapeOfUse(access, options, depth + 1);
  return Node.isNumericLiteral(key) || /^(i|j|k|index|idx)$/.test(key?.getText() ?? '')
    ? { kind: 'list', item }
    : { kind: 'object', members: new Map() };
}

function loopItem(loop: Node, options: ShapeOptions, depth: number): Shape {
  if (!Node.isForOfStatement(loop)) return ANY;
  const [declaration] = loop.getInitializer().getDescendantsOfKind(SyntaxKind.VariableDeclaration);
  return declaration ? shapeOfBinding(declaration.getNameNode(), loop, options, depth + 1) : ANY;
}

function operand(expression: Node, operator: string, other: Node, options: ShapeOptions, depth: number): Shape {
  if (/^(===?|!==?)$/.test(operator)) return comparedWith(other, operator.startsWith('=') === isReachedBy(expression, options));
  if (/^[-*/%]$|^\*\*$|^[<>]=?$/.test(operator)) return Node.isStringLiteral(other) ? { kind: 'text' } : { kind: 'number' };
  if (operator === '+') return Node.isNumericLiteral(other) ? { kind: 'number' } : { kind: 'text' };
  const isLeft =
    Node.isBinaryExpression(expression.getParent()) && expression.getParentIfKind(SyntaxKind.BinaryExpression)?.getLeft() === expression;
  if (/^(\?\?|\|\|)$/.test(operator) && isLeft) return shapeOfUse(expression.getParentOrThrow(), options, depth + 1);
  return ANY;
}

/** Whether the code to be reached stands where the comparison around the expression holds. */
function isReachedBy(expression: Node, { reach }: ShapeOptions): boolean {
  const statement = expression.getFirstAncestorByKind(SyntaxKind.IfStatement);
  if (!reach || !statement || statement.getExpression().getEnd() < expression.getEnd()) return false;
  return statement.getThenStatement().containsRange(reach.getPos(), reach.getEnd());
}

function comparedWith(other: Node, equal: boolean): Shape {
  if (Node.isStringLiteral(other)) return equal ? { kind: 'text', value: other.getLiteralText() } : { kind: 'text' };
  if (Node.isNumericLiteral(other)) return equal ? { kind: 'number', value: other.getLiteralValue() } : { kind: 'number' };
  return Node.isTrueLiteral(other) || Node.isFalseLiteral(other) ? { kind: 'truth' } : ANY;
}

function argumentUse(argument: Node, call: Node, options: ShapeOptions, depth: number): Shape {
  if (!Node.isCallExpression(call) && !Node.isNewExpression(call)) return ANY;
  const callee = call.getExpression().getText();
  if (/^(parseInt|parseFloat|Number)$/.test(callee)) return { kind: 'text', value: '1' };
  if (/^Math\.|^Number\./.test(callee)) return { kind: 'number' };
  if (/^Object\.(keys|values|entries)$/.test(callee)) return { kind: 'object', members: new Map() };
  if (callee === 'JSON.parse') return { kind: 'text', value: '{}' };
  if (callee === 'Date') return { kind: 'text', value: '2026-01-15T12:00:00.000Z' };
  const index = call.getArguments().indexOf(argument);
  const target = calledFunction(call);
  const parameter = target?.getParameters()[index];
  return target && parameter ? shapeOfBinding(parameter.getNameNode(), target, options, depth + 2) : ANY;
}

/** The function of the same file that a call means. */
function calledFunction(call: Node): FunctionNode | undefined {
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  if (!Node.isIdentifier(callee)) return undefined;
  for (const declaration of callee.getSymbol()?.getDeclarations() ?? []) {
    if (isFunctionNode(declaration)) return declaration;
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    if (initializer && isFunctionNode(initializer) && functionName(initializer) === callee.getText()) return initializer;
  }
  return undefined;
}

function scopeOf(declaration: Node): Node {
  return (
    declaration.getFirstAncestor((node) => Node.isBlock(node) || Node.isSourceFile(node) || isFunctionNode(node)) ??
    declaration.getSourceFile()
  );
}

/** Both shapes at once, as far as that goes; a missing value stays missing. */
export function merge(a: Shape, b: Shape): Shape {
  if (a.kind === 'missing' || b.kind === 'missing') return { kind: 'missing' };
  if (a.kind === 'any') return b;
  if (b.kind === 'any') return a;
  if (a.kind === 'object' && b.kind === 'object') {
    const members = new Map(a.members);
    for (const [name, shape] of b.members) members.set(name, merge(members.get(name) ?? ANY, shape));
    return { kind: 'object', members };
  }
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', item: merge(a.item, b.item) };
  if (a.kind === 'function' && b.kind === 'function')
    return { kind: 'function', gives: merge(a.gives, b.gives), promise: a.promise || b.promise };
  if (a.kind === 'text' && b.kind === 'text') return b.value === undefined ? a : b;
  if (a.kind === 'number' && b.kind === 'number') return b.value === undefined ? a : b;
  // A list's other members, or a text's, say less than the list or text itself.
  return b.kind === 'object' ? a : a.kind === 'object' ? b : a;
}
