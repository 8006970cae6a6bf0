import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isCondition, isValue, kindOf, operand } from './places.ts';

export const negateCondition: RepairOperator = {
  name: 'negate-condition',
  prior: 0.5,
  source: 'TSSB-3M: unary 15K; BugsJS: change an if condition 27.4 %; COR/UOI of mutation testing',
  propose({ node }): OperatorEdit[] {
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      return [put(node, node.operand.getText(), 0.9)];
    if (!isValue(node)) return [];
    const returned = ts.isReturnStatement(node.parent) || ts.isArrowFunction(node.parent);
    if (isCondition(node) || (ts.isBinaryExpression(node.parent) && /^(&&|\|\|)$/.test(node.parent.operatorToken.getText())))
      return [put(node, `!${operand(node)}`, 0.6)];
    return returned && kindOf(node) === 'boolean' ? [put(node, `!${operand(node)}`, 0.6)] : [];
  },
};
