import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const swapOperands: RepairOperator = {
  name: 'swap-operands',
  prior: 0.5,
  source: 'HumanEvalFix-JS: several places, <= 8 tokens, mostly swaps 16.5 %; TSSB-3M: swapped arguments 8K',
  propose({ node }): OperatorEdit[] {
    if (ts.isBinaryExpression(node) && /^[-+/%]$|^\*\*$/.test(node.operatorToken.getText())) return [swap(node.left, node.right, 0.9)];
    if (ts.isConditionalExpression(node)) return [swap(node.whenTrue, node.whenFalse, 0.8)];
    if (ts.isIfStatement(node) && node.elseStatement !== undefined) return [swap(node.thenStatement, node.elseStatement, 0.7)];
    if (ts.isArrayLiteralExpression(node)) {
      return node.elements.slice(1).flatMap((element, index) => {
        const before = node.elements[index];
        return before === undefined ? [] : [swap(before, element, 0.5)];
      });
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.arguments.length === 1) {
      const [argument] = node.arguments;
      const receiver = node.expression.expression;
      return argument === undefined ? [] : [put(node, `${argument.getText()}.${node.expression.name.text}(${receiver.getText()})`, 0.4)];
    }
    return [];
  },
};

function swap(a: ts.Node, b: ts.Node, naturalness: number): OperatorEdit {
  const changes = [
    { start: a.getStart(), end: a.end, text: b.getText() },
    { start: b.getStart(), end: b.end, text: a.getText() },
  ];
  return { changes, naturalness };
}
