import { ts } from 'ts-morph';

/** An expression whose value is used: not a name being declared, a property's name, a label or the target of an assignment. */
export function isValue(node: ts.Node): node is ts.Expression {
  const { parent } = node;
  if (!ts.isExpression(node) || parent === undefined || ts.isExpressionStatement(parent) || ts.isSpreadElement(node)) return false;
  if (isDeclaredName(node)) return false;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) return false;
  if ((ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) && isStep(parent.operator)) return false;
  return !(ts.isCallExpression(parent) && parent.expression === node);
}

/** `=`, `+=` and their kin. */
export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** The name that a declaration, parameter, property or import gives. */
export function isDeclaredName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name === node;
  }
  if (ts.isFunctionLike(parent) || ts.isClassLike(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.initializer !== node;
  return (
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  );
}

export function isStep(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken;
}

/** A condition as a whole: of if, loops and the ternary. */
export function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  if (ts.isForStatement(parent) || ts.isConditionalExpression(parent)) return parent.condition === node;
  return false;
}

/** Text that can stand as an operand of any operator. */
export function operand(node: ts.Node): string {
  const simple =
    ts.isIdentifier(node) ||
    ts.isLiteralExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isArrayLiteralExpression(node);
  return simple ? node.getText() : `(${node.getText()})`;
}

/** Roughly what an expression is, by how it is written. */
export type Kind = 'number' | 'string' | 'boolean' | 'array' | 'function' | 'unknown';

export function kindOf(node: ts.Node): Kind {
  if (ts.isParenthesizedExpression(node)) return kindOf(node.expression);
  if (ts.isNumericLiteral(node)) return 'number';
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return 'string';
  if (ts.isArrayLiteralExpression(node)) return 'array';
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return 'function';
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return 'boolean';
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken ? 'boolean' : 'number';
  if (ts.isPropertyAccessExpression(node)) return /^(length|size)$/.test(node.name.text) ? 'number' : 'unknown';
  if (ts.isBinaryExpression(node)) return binaryKind(node);
  return 'unknown';
}

function binaryKind({ left, right, operatorToken: { kind } }: ts.BinaryExpression): Kind {
  if (kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken) return 'boolean';
  if (kind === ts.SyntaxKind.PlusToken) {
    const [a, b] = [kindOf(left), kindOf(right)];
    return a === 'string' || b === 'string' ? 'string' : a === 'number' && b === 'number' ? 'number' : 'unknown';
  }
  const { MinusToken, AsteriskToken, SlashToken, PercentToken } = ts.SyntaxKind;
  return kind === MinusToken || kind === AsteriskToken || kind === SlashToken || kind === PercentToken ? 'number' : 'unknown';
}

export function inLoop(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined && !ts.isFunctionLike(at); at = at.parent)
    if (ts.isIterationStatement(at, false)) return true;
  return false;
}

/** A statement in a list of statements. */
export function isListed(node: ts.Node): node is ts.Statement {
  return (
    ts.isStatement(node) &&
    node.parent !== undefined &&
    (ts.isBlock(node.parent) || ts.isSourceFile(node.parent) || ts.isCaseClause(node.parent))
  );
}

export function siblings(statement: ts.Statement): readonly ts.Statement[] {
  const { parent } = statement;
  return ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseClause(parent) ? parent.statements : [];
}
