import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isCondition, isValue, kindOf } from './places.ts';

export const copyExpression: RepairOperator = {
  name: 'copy-expression',
  prior: 0.4,
  source:
    'BugsJS: change the assigned expression 25.4 %; TSSB-3M: binary operand 174K; the plastic surgery hypothesis (Barr et al., FSE 2014)',
  propose({ node, hints }): OperatorEdit[] {
    if (!isValue(node) || ts.isIdentifier(node) || ts.isLiteralExpression(node) || node.getText().length > 60) return [];
    const now = node.getText();
    if (isCondition(node) || kindOf(node) === 'boolean') {
      return hints.conditions.filter((text) => text !== now).flatMap((text) => [put(node, text, 0.5), put(node, `!(${text})`, 0.25)]);
    }
    const simple =
      ts.isBinaryExpression(node.parent) || ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent);
    return hints.expressions
      .filter((text) => text !== now)
      .map((text) => put(node, simple && /[-+*/%?]/.test(text) ? `(${text})` : text, 0.4));
  },
};
