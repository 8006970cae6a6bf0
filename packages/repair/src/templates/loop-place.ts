import { Node, type Statement, SyntaxKind } from 'ts-morph';
import { numberValue, type Site } from './causes.ts';
import { boundNames, isFunctionNode, parameterNames, statementAround, usedNames } from './syntax-tree.ts';

/** A loop statement, or a call whose callback runs once for each item. */
export interface RepeatedCode {
  readonly node: Node;
  /** The statement before which something can be computed once. */
  readonly statement: Statement;
}

const EACH = /^(map|filter|forEach|reduce|some|every|find|findIndex|flatMap)$/;

/** The loop that the diagnosis names, or the outermost one around a node. */
export function loopAround(site: Site, node: Node): RepeatedCode | undefined {
  const start = numberValue(site.data.loopStart);
  const loops = node.getAncestors().filter(isRepeating);
  const loop = loops.find((one) => one.getStartLineNumber() === start) ?? loops.at(-1);
  const statement = loop && statementAround(loop);
  return loop && statement ? { node: loop, statement } : undefined;
}

function isRepeating(node: Node): boolean {
  if (Node.isIterationStatement(node)) return true;
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  return Node.isPropertyAccessExpression(callee) && EACH.test(callee.getName());
}

/** Names that each pass of the loop makes anew. */
export function namesWithin(loop: Node): Set<string> {
  const names = new Set<string>();
  for (const node of [loop, ...loop.getDescendants()]) {
    if (Node.isVariableDeclaration(node)) for (const name of boundNames(node.getNameNode())) names.add(name);
    if (isFunctionNode(node)) for (const name of parameterNames(node)) names.add(name);
  }
  return names;
}

/** Whether an expression means the same in every pass: it uses nothing that the loop makes or changes. */
export function isInvariant(expression: Node, loop: Node): boolean {
  const own = new Set(expression.getDescendants().flatMap((node) => (isFunctionNode(node) ? parameterNames(node) : [])));
  const made = namesWithin(loop);
  const changed = namesChanged(loop);
  return usedNames(expression).every((name) => own.has(name) || (!made.has(name) && !changed.has(name)));
}

const CHANGING = /^(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|copyWithin)$/;

/** Names that the loop assigns to, or whose content it changes. */
export function namesChanged(loop: Node): Set<string> {
  const changed = new Set<string>();
  const root = (node: Node) => /^[A-Za-z_$][\w$]*/.exec(node.getText())?.[0] ?? '';
  for (const node of loop.getDescendants()) {
    if (
      Node.isBinaryExpression(node) &&
      node.getOperatorToken().getText().endsWith('=') &&
      !/^([=!]==?|[<>]=)$/.test(node.getOperatorToken().getText())
    )
      changed.add(root(node.getLeft()));
    if (Node.isPostfixUnaryExpression(node) || (Node.isPrefixUnaryExpression(node) && /^(\+\+|--)/.test(node.getText())))
      changed.add(root(node.getOperand()));
    const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
    if (Node.isPropertyAccessExpression(callee) && CHANGING.test(callee.getName())) changed.add(root(callee.getExpression()));
    if (node.isKind(SyntaxKind.DeleteExpression)) changed.add(root(node.getExpression()));
  }
  return changed;
}
