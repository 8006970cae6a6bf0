import { ts } from 'ts-morph';

/** A replacement of `source.slice(start, end)`. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly description: string;
}

const K = ts.SyntaxKind;
/** What each operator may have been meant to be: the nearest other ones first. */
const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>> = {
  [K.PlusToken]: ['-'],
  [K.MinusToken]: ['+'],
  [K.AsteriskToken]: ['/'],
  [K.SlashToken]: ['*'],
  [K.PercentToken]: ['*'],
  [K.LessThanToken]: ['<=', '>='],
  [K.LessThanEqualsToken]: ['<', '>'],
  [K.GreaterThanToken]: ['>=', '<='],
  [K.GreaterThanEqualsToken]: ['>', '<'],
  [K.EqualsEqualsToken]: ['!='],
  [K.ExclamationEqualsToken]: ['=='],
  [K.EqualsEqualsEqualsToken]: ['!=='],
  [K.ExclamationEqualsEqualsToken]: ['==='],
  [K.AmpersandAmpersandToken]: ['||'],
  [K.BarBarToken]: ['&&'],
  [K.QuestionQuestionToken]: ['&&'],
  [K.PlusEqualsToken]: ['-=', '='],
  [K.MinusEqualsToken]: ['+=', '='],
  [K.AsteriskEqualsToken]: ['/='],
  [K.AmpersandToken]: ['|'],
  [K.BarToken]: ['&'],
};

/** The mutations of one syntax node itself, not of its children. */
export function mutationsOf(node: ts.Node, tree: ts.SourceFile): Mutation[] {
  const change = (part: ts.Node, replacement: string, description: string): Mutation => ({
    start: part.getStart(tree),
    end: part.getEnd(),
    replacement,
    description,
  });
  const text = (part: ts.Node): string => part.getText(tree);
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken;
    return (OPERATORS[operator.kind] ?? []).map((other) => change(operator, other, `${text(operator)} becomes ${other}`));
  }
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return conditions(node.expression, change);
  if (ts.isConditionalExpression(node)) return conditions(node.condition, change);
  if (ts.isForStatement(node)) return node.condition === undefined ? [] : [change(node.condition, 'false', 'the loop never runs')];
  if (ts.isReturnStatement(node) && node.expression !== undefined)
    return [change(node.expression, returned(node.expression), 'returns something else')];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return [change(node.body, returned(node.body), 'returns something else')];
  if (ts.isPrefixUnaryExpression(node)) return prefix(node, change, text);
  if (ts.isPostfixUnaryExpression(node))
    return [change(node, `${text(node.operand)}${node.operator === K.PlusPlusToken ? '--' : '++'}`, 'counts the other way')];
  if (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) return [change(node, ';', 'the statement is left out')];
  if (ts.isThrowStatement(node)) return [change(node, ';', 'does not throw')];
  if (ts.isAwaitExpression(node)) return [change(node, text(node.expression), 'does not wait')];
  if (isChain(node)) return [change(node.questionDotToken, ts.isPropertyAccessExpression(node) ? '.' : '', 'does not mind null')];
  return literal(node, change);
}

type Change = (part: ts.Node, replacement: string, description: string) => Mutation;

function conditions(condition: ts.Expression, change: Change): Mutation[] {
  return [change(condition, 'true', 'the condition always holds'), change(condition, 'false', 'the condition never holds')];
}

function returned(expression: ts.Expression): string {
  return expression.kind === K.UndefinedKeyword || expression.getText() === 'undefined' ? 'null' : 'undefined';
}

function prefix(node: ts.PrefixUnaryExpression, change: Change, text: (part: ts.Node) => string): Mutation[] {
  const operand = text(node.operand);
  if (node.operator === K.ExclamationToken || node.operator === K.MinusToken)
    return [change(node, `(${operand})`, `${text(node).charAt(0)} is left out`)];
  if (node.operator === K.PlusPlusToken) return [change(node, `--${operand}`, 'counts the other way')];
  return node.operator === K.MinusMinusToken ? [change(node, `++${operand}`, 'counts the other way')] : [];
}

function isChain(
  node: ts.Node,
): node is (ts.PropertyAccessExpression | ts.ElementAccessExpression) & { questionDotToken: ts.QuestionDotToken } {
  return (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && node.questionDotToken !== undefined;
}

function literal(node: ts.Node, change: Change): Mutation[] {
  if (ts.isNumericLiteral(node))
    return [
      change(node, Number(node.text) === 0 ? '1' : '0', `${node.text} becomes ${Number(node.text) === 0 ? 1 : 0}`),
      change(node, String(Number(node.text) + 1), `${node.text} becomes ${Number(node.text) + 1}`),
    ];
  if (node.kind === K.TrueKeyword) return [change(node, 'false', 'true becomes false')];
  if (node.kind === K.FalseKeyword) return [change(node, 'true', 'false becomes true')];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    // Keys and directives are no values.
    if (ts.isExpressionStatement(node.parent) || (ts.isPropertyAssignment(node.parent) && node.parent.name === node)) return [];
    return [change(node, node.text === '' ? "'mutant'" : "''", node.text === '' ? 'the empty text is filled' : 'the text is emptied')];
  }
  if (ts.isTemplateExpression(node)) return [change(node, "''", 'the text is emptied')];
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [change(node, '[]', 'the list is emptied')];
  return [];
}
