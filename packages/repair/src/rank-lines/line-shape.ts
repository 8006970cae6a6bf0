import { ts } from 'ts-morph';

/** What a line says in many programs alike is seldom wrong (naturalness of buggy code: Ray et al., ICSE 2016). */
const USUAL = { loop: 0.5, guard: 0.8 };
/** Each operator, number, call and element on a line is one more thing that can be wrong; more than these change nothing. */
const EACH_PART = 0.05;
const MOST_PARTS = 8;
export const MOST_SHAPE = 1 + EACH_PART * MOST_PARTS;

/**
 * How likely a line is at fault by what it does: by the likeliest of its statements and expressions, and by how many parts it has. The
 * weights of the usual and of parts were chosen on half A of the public cases.
 */
export function lineShapes(file: ts.SourceFile): Map<number, number> {
  const weights = new Map<number, number>();
  const parts = new Map<number, number>();
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const visit = (node: ts.Node, most: number): void => {
    const weight = Math.min(most, nodeWeight(node));
    const line = lineOf(node);
    if (weight > 0) weights.set(line, Math.max(weights.get(line) ?? 0, weight));
    parts.set(line, (parts.get(line) ?? 0) + partsOf(node));
    const [usual, head] = usualHead(node);
    ts.forEachChild(node, (child) => visit(child, head.includes(child) ? Math.min(most, usual) : most));
  };
  visit(file, 1);
  return new Map([...weights].map(([line, weight]) => [line, weight * (1 + EACH_PART * Math.min(MOST_PARTS, parts.get(line) ?? 0))]));
}

/** After the labels of BugsJS: conditions 27.4 %, assigned expressions 25.4 %, arguments 14.8 %, returns 7.3 %. */
function nodeWeight(node: ts.Node): number {
  if (ts.isIfStatement(node)) return isGuard(node) ? USUAL.guard : 1;
  if (ts.isConditionalExpression(node)) return 1;
  if (ts.isBinaryExpression(node)) return isComparison(node) || isLogical(node) ? 0.95 : 0.85;
  if (ts.isForStatement(node)) return isUsualLoop(node) ? USUAL.loop : 0.75;
  if (ts.isWhileStatement(node)) return 0.75;
  if (ts.isReturnStatement(node)) return isBareReturn(node) ? 0.35 : 0.8;
  if (ts.isCallExpression(node)) return 0.7;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return 0.6;
  if (ts.isVariableDeclaration(node)) return node.initializer === undefined ? 0.2 : ts.isArrowFunction(node.initializer) ? 0.05 : 0.45;
  return ts.isStatement(node) && !ts.isBlock(node) ? 0.3 : 0;
}

function partsOf(node: ts.Node): number {
  if (ts.isBinaryExpression(node)) return isAssignment(node) ? 0 : 1;
  if (ts.isNumericLiteral(node)) return 1;
  return ts.isCallExpression(node) || ts.isElementAccessExpression(node) ? 0.5 : 0;
}

/** Parts of a statement that count no more than the whole, and how much that is. */
function usualHead(node: ts.Node): [number, (ts.Node | undefined)[]] {
  if (ts.isForStatement(node) && isUsualLoop(node)) return [USUAL.loop, [node.initializer, node.condition, node.incrementor]];
  if (ts.isIfStatement(node) && isGuard(node)) return [USUAL.guard, [node.expression]];
  return [1, []];
}

/** `for (let i = 0; i < n; i++)` */
function isUsualLoop({ initializer, condition, incrementor }: ts.ForStatement): boolean {
  const [only, ...more] = initializer !== undefined && ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
  if (only === undefined || more.length > 0 || only.initializer?.getText() !== '0') return false;
  const name = only.name.getText();
  const bound = condition !== undefined && ts.isBinaryExpression(condition) ? condition : undefined;
  const isPlain = bound !== undefined && /^[\w$.[\]]+$/.test(bound.right.getText());
  return (
    isPlain &&
    bound.left.getText() === name &&
    bound.operatorToken.kind === ts.SyntaxKind.LessThanToken &&
    [`${name}++`, `++${name}`, `${name} += 1`].includes(incrementor?.getText() ?? '')
  );
}

/** `if (list.length === 0)`, `if (!value)`, `if (value == null)` */
function isGuard({ expression }: ts.IfStatement): boolean {
  return /^!?[\w$.]+$|^[\w$.]+\.length\s*[=!]==?\s*\d+$|^[\w$.]+\s*[=!]==?\s*(null|undefined)$/.test(expression.getText());
}

function isComparison({ operatorToken }: ts.BinaryExpression): boolean {
  return /^(==|!=|===|!==|<|>|<=|>=)$/.test(operatorToken.getText());
}

function isLogical({ operatorToken }: ts.BinaryExpression): boolean {
  return /^(&&|\|\|)$/.test(operatorToken.getText());
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isBareReturn({ expression }: ts.ReturnStatement): boolean {
  return expression === undefined || ts.isIdentifier(expression) || ts.isLiteralExpression(expression) || ts.isToken(expression);
}
