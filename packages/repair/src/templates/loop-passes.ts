import { type ForOfStatement, type ForStatement, Node, type Statement, SyntaxKind } from 'ts-morph';
import { isArrayLike } from './expression-kind.ts';
import { boundNames, ownNodes, usedNames } from './syntax-tree.ts';

export type Loop = ForOfStatement | ForStatement;

export function ownAwaits(loop: Loop): boolean {
  return [...ownNodes(loop)].some((node) => Node.isAwaitExpression(node)) && !(Node.isForOfStatement(loop) && loop.isAwaited());
}

/** What one pass of the loop is given, and over what it goes. */
export interface Passes {
  readonly item: string;
  readonly collection: string;
  readonly isArray: boolean;
  readonly body: readonly Statement[];
}

export function passesOf(loop: Loop): Passes | undefined {
  const statement = loop.getStatement();
  const body = Node.isBlock(statement) ? statement.getStatements() : [statement];
  if (Node.isForOfStatement(loop)) {
    const [declaration] = loop.getInitializer().getDescendantsOfKind(SyntaxKind.VariableDeclaration);
    if (!declaration) return undefined;
    return {
      item: declaration.getNameNode().getText(),
      collection: loop.getExpression().getText(),
      isArray: isArrayLike(loop.getExpression()),
      body,
    };
  }
  return indexed(loop, body);
}

/** `for (let i = 0; i < list.length; i++) { const item = list[i]; ... }` */
function indexed(loop: ForStatement, body: readonly Statement[]): Passes | undefined {
  const [, index, list] = /^(\w+)\s*<\s*([\w.]+)\.length$/.exec(loop.getCondition()?.getText() ?? '') ?? [];
  const start = loop.getInitializer()?.getText() ?? '';
  if (
    index === undefined ||
    list === undefined ||
    !new RegExp(`\\b${index}\\s*=\\s*0$`).test(start) ||
    !new RegExp(`^(${index}\\+\\+|\\+\\+${index}|${index} \\+= 1)$`).test(loop.getIncrementor()?.getText() ?? '')
  )
    return undefined;
  const [first, ...rest] = body;
  const [, item] = new RegExp(`^const (\\w+) = ${list.replace(/[.$]/g, '\\$&')}\\[${index}\\];?$`).exec(first?.getText() ?? '') ?? [];
  const usesIndex = rest.some((statement) => usedNames(statement).includes(index));
  return item !== undefined && !usesIndex ? { item, collection: list, isArray: true, body: rest } : undefined;
}

/** A pass that leaves the loop or the function depends on those before it. */
export function leavesEarly(loop: Loop): boolean {
  return [...ownNodes(loop.getStatement())].some(
    (node) => Node.isBreakStatement(node) || Node.isReturnStatement(node) || Node.isYieldExpression(node),
  );
}

/** `list.push(value)` as the last statement, where the list is declared empty right before the loop and used for nothing else in it. */
export interface Collected {
  readonly list: string;
  readonly declaration: Statement;
  readonly typed: string;
  readonly value: string;
  readonly push: Statement;
}

export function collectedBy(loop: Loop, passes: Passes): Collected | undefined {
  const push = passes.body.at(-1);
  const call = Node.isExpressionStatement(push) ? push.getExpression() : undefined;
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  if (
    !push ||
    !Node.isCallExpression(call) ||
    !Node.isPropertyAccessExpression(callee) ||
    callee.getName() !== 'push' ||
    call.getArguments().length !== 1
  )
    return undefined;
  const list = callee.getExpression().getText();
  const declaration = loop.getPreviousSibling(
    (node) => Node.isVariableStatement(node) && node.getDeclarations().some((one) => one.getName() === list),
  );
  const only =
    Node.isVariableStatement(declaration) && declaration.getDeclarations().length === 1 ? declaration.getDeclarations()[0] : undefined;
  if (!Node.isVariableStatement(declaration) || !only || !/^(\[\]|new Array(<.*>)?\(\))$/.test(only.getInitializer()?.getText() ?? ''))
    return undefined;
  const others =
    passes.body.slice(0, -1).some((statement) => usedNames(statement).includes(list)) ||
    usedNames(call.getArguments()[0] ?? call).includes(list);
  const skips = [...ownNodes(loop.getStatement())].some((node) => Node.isContinueStatement(node));
  if (others || skips || writesOutside(loop, list)) return undefined;
  const between = loop
    .getParentOrThrow()
    .forEachChildAsArray()
    .some((node) => node.getPos() > declaration.getPos() && node.getEnd() < loop.getPos() && usedNames(node).includes(list));
  if (between) return undefined;
  const typed = only.getTypeNode()?.getText();
  return { list, declaration, typed: typed === undefined ? '' : `: ${typed}`, value: call.getArguments()[0]?.getText() ?? '', push };
}

/** Whether the loop assigns to variables from outside of it, so that a pass may depend on the one before. */
export function writesOutside(loop: Loop, except = ''): boolean {
  const inside = new Set([...ownNodes(loop)].flatMap((node) => (Node.isVariableDeclaration(node) ? boundNames(node.getNameNode()) : [])));
  return [...ownNodes(loop.getStatement())].some((node) => {
    const target = assignedTo(node);
    return target !== undefined && target !== except && !inside.has(target);
  });
}

function assignedTo(node: Node): string | undefined {
  if (Node.isBinaryExpression(node) && /^([-+*/%&|^]|\*\*|\?\?|&&|\|\|)?=$/.test(node.getOperatorToken().getText()))
    return /^[\w$]+/.exec(node.getLeft().getText())?.[0];
  if (Node.isPostfixUnaryExpression(node) || (Node.isPrefixUnaryExpression(node) && /^(\+\+|--)/.test(node.getText())))
    return /[\w$]+/.exec(node.getOperand().getText())?.[0];
  return undefined;
}
