import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const unwrapCall: RepairOperator = {
  name: 'unwrap-call',
  prior: 0.5,
  source: 'HumanEvalFix-JS: excess logic 31 of 164, delete <= 4 tokens 11.6 %; TSSB-3M: wrong function, fewer arguments 50K',
  propose({ node }): OperatorEdit[] {
    if (ts.isCallExpression(node)) {
      const receiver = ts.isPropertyAccessExpression(node.expression) ? [put(node, node.expression.expression.getText(), 0.8)] : [];
      return [...receiver, ...node.arguments.filter((one) => !ts.isSpreadElement(one)).map((one) => put(node, one.getText(), 0.5))];
    }
    if (ts.isNewExpression(node) && node.arguments?.length === 1) return node.arguments.map((one) => put(node, one.getText(), 0.3));
    if (ts.isArrayLiteralExpression(node) && node.elements.length === 1) {
      return node.elements.map((one) => put(node, ts.isSpreadElement(one) ? one.expression.getText() : one.getText(), 0.4));
    }
    if (ts.isPropertyAccessExpression(node) && !ts.isCallExpression(node.parent)) return [put(node, node.expression.getText(), 0.4)];
    if (ts.isElementAccessExpression(node))
      return [put(node, node.expression.getText(), 0.3), put(node, node.argumentExpression.getText(), 0.4)];
    return [];
  },
};
