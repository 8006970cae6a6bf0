import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isAssignment } from './places.ts';

export const dropOperand: RepairOperator = {
  name: 'drop-operand',
  prior: 0.6,
  source: 'HumanEvalFix-JS: excess logic 31 of 164, delete <= 4 tokens 11.6 %; TSSB-3M: looser if 22K; BugsJS: change an if condition',
  propose({ node }): OperatorEdit[] {
    if (ts.isBinaryExpression(node) && !isAssignment(node.operatorToken.kind)) {
      return [put(node, node.left.getText(), 0.9), put(node, node.right.getText(), 0.7)];
    }
    if (ts.isConditionalExpression(node)) return [put(node, node.whenTrue.getText(), 0.4), put(node, node.whenFalse.getText(), 0.4)];
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) return [put(node, node.operand.getText(), 0.6)];
    return [];
  },
};
