import { ts } from 'ts-morph';
import { descendants, isFunctionNode } from '../codebase/syntax/parse-source.ts';
import { lookup } from '../codebase/syntax/scope.ts';

/** Methods that call back with an item of the list they are called on, by the position of the item among the callback's parameters. */
const ITEM_POSITION: Readonly<Record<string, number>> = {
  map: 0,
  forEach: 0,
  filter: 0,
  find: 0,
  findIndex: 0,
  findLast: 0,
  some: 0,
  every: 0,
  flatMap: 0,
  sort: 0,
  toSorted: 0,
  reduce: 1,
  reduceRight: 1,
};

/** Values assigned to a variable after its declaration, in source order. */
export function assignmentsTo(name: ts.Identifier): ts.Expression[] {
  const declared = lookup(name.text, name);
  const scope = declared && nearestFunctionOrFile(declared);
  if (scope === undefined) return [];
  const found: ts.Expression[] = [];
  for (const node of descendants(scope)) {
    const assigns = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (assigns && ts.isIdentifier(node.left) && node.left.text === name.text && lookup(name.text, node.left) === declared)
      found.push(node.right);
  }
  return found;
}

function nearestFunctionOrFile(node: ts.Node): ts.Node {
  let at = node;
  while (at.parent !== undefined && !isFunctionNode(at)) at = at.parent;
  return at;
}

/** What a variable of `for (const item of list)` takes its values from. */
export function iteratedBy(declaration: ts.VariableDeclaration): ts.Expression | undefined {
  const loop = declaration.parent.parent;
  return loop !== undefined && ts.isForOfStatement(loop) && loop.initializer === declaration.parent ? loop.expression : undefined;
}

/** The list that a callback's parameter runs over: `list` in `list.map((item) => ...)`. */
export function loopOver(callback: ts.Node, parameter: ts.ParameterDeclaration): ts.Expression | undefined {
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined;
  const call = callback.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const method = call.expression.name.text;
  const position = callback.parameters.indexOf(parameter);
  const first = Object.hasOwn(ITEM_POSITION, method) ? ITEM_POSITION[method] : undefined;
  if (first === undefined) return undefined;
  const isItem = position === first || (/sort/i.test(method) && position === 1);
  return isItem ? call.expression.expression : undefined;
}

/** Names that an expression reads from the scopes around it. */
export function namesRead(root: ts.Node): Set<string> {
  const names = new Set<string>();
  for (const node of descendants(root, (one) => !ts.isTypeNode(one))) {
    if (ts.isIdentifier(node) && isRead(node)) names.add(node.text);
  }
  return names;
}

function isRead(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === name;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === name;
  return !ts.isBindingElement(parent) && !ts.isFunctionDeclaration(parent) && !ts.isLabeledStatement(parent);
}

/** Names that code declares or assigns, also by a call that changes an object in place (`list.push(x)` writes `list`). */
export function namesWritten(root: ts.Node): Set<string> {
  const names = new Set<string>();
  for (const node of descendants(root, (one) => !ts.isTypeNode(one))) {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) addBound(node.name, names);
    else if (ts.isBinaryExpression(node) && isAssignment(node)) addTarget(node.left, names);
    else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node)) addTarget(node.operand, names);
    else if (ts.isDeleteExpression(node)) addTarget(node.expression, names);
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && MUTATORS.has(node.expression.name.text)) {
      addTarget(node.expression.expression, names);
    }
  }
  return names;
}

/** Methods that change the object they are called on. */
export const MUTATORS: ReadonlySet<string> = new Set(
  'push pop shift unshift splice sort reverse fill set add delete clear append write'.split(' '),
);

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind >= ts.SyntaxKind.FirstAssignment && operatorToken.kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): boolean {
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

function addTarget(target: ts.Expression, names: Set<string>): void {
  let at: ts.Node = target;
  while (
    ts.isPropertyAccessExpression(at) ||
    ts.isElementAccessExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isParenthesizedExpression(at)
  )
    at = at.expression;
  if (ts.isIdentifier(at)) names.add(at.text);
  else for (const node of descendants(at)) if (ts.isIdentifier(node)) names.add(node.text);
}

function addBound(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) addBound(element.name, names);
}
