import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isValue, kindOf, operand } from './places.ts';

export const shiftByOne: RepairOperator = {
  name: 'shift-by-one',
  prior: 0.6,
  source: 'HumanEvalFix-JS: value misuse 44 of 164, insert <= 4 tokens 7.3 %; the off-by-one of loops, indices and bounds',
  propose({ node, names }): OperatorEdit[] {
    if (!isValue(node) || ts.isNumericLiteral(node) || ts.isArrayLiteralExpression(node)) return [];
    const kind = kindOf(node);
    if (kind !== 'number' && kind !== 'unknown') return [];
    const place = placeWeight(node);
    if (place === 0 || ts.isFunctionLike(node)) return [];
    const text = operand(node);
    const fixed: readonly (readonly [string, number])[] = [
      [`${text} + 1`, 1],
      [`${text} - 1`, 1],
      [`${text} * 2`, 0.4],
      [`${text} / 2`, 0.4],
      [`${text} % 2`, 0.15],
      [`${text} + 2`, 0.2],
      [`${text} - 2`, 0.2],
      [`${text} % 10`, 0.15],
    ];
    const others = names
      .slice(0, 8)
      .flatMap((name) => [[`${text} + ${name}`, 0.4] as const, [`${text} - ${name}`, 0.4] as const, [`${text} * ${name}`, 0.25] as const]);
    const guard = ts.isBinaryExpression(node.parent) || ts.isPropertyAccessExpression(node.parent);
    return [...fixed, ...others].map(([shifted, weight]) => put(node, guard ? `(${shifted})` : shifted, weight * place));
  },
};

function placeWeight(node: ts.Expression): number {
  const { parent } = node;
  if (ts.isElementAccessExpression(parent)) return parent.argumentExpression === node ? 1 : 0;
  if (ts.isBinaryExpression(parent)) return /^[<>]=?$/.test(parent.operatorToken.getText()) ? 1 : 0.7;
  if (ts.isCallExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return 0.8;
  if (ts.isVariableDeclaration(parent) || ts.isConditionalExpression(parent)) return 0.6;
  return ts.isParenthesizedExpression(parent) ? 0.5 : 0;
}
