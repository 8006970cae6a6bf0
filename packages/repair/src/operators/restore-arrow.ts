import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const restoreArrow: RepairOperator = {
  name: 'restore-arrow',
  prior: 0.7,
  source: 'HumanEvalFix-JS: swap operator 9.1 %, other keyword 6.7 %; a name that nothing binds before `>` was a parameter',
  propose({ node, names }): OperatorEdit[] {
    if (!ts.isBinaryExpression(node) || !/^[>=]=?$/.test(node.operatorToken.getText())) return [];
    const { left } = node;
    const parameter = ts.isIdentifier(left) && !names.includes(left.text);
    return parameter ? [put(node.operatorToken, '=>', 1)] : [];
  },
};
