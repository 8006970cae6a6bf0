import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

/** Operators that are mistaken for each other, the likeliest first. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>', '>=', '===', '!=='],
  '<=': ['<', '>=', '>', '===', '!=='],
  '>': ['>=', '<', '<=', '===', '!=='],
  '>=': ['>', '<=', '<', '===', '!=='],
  '==': ['!=', '<', '>', '<=', '>='],
  '!=': ['==', '<', '>', '<=', '>='],
  '===': ['!==', '<', '>', '<=', '>='],
  '!==': ['===', '<', '>', '<=', '>='],
  '&&': ['||', '??'],
  '||': ['&&', '??'],
  '??': ['||', '&&'],
  '+': ['-', '*', '%', '/'],
  '-': ['+', '*', '/', '%'],
  '*': ['/', '+', '**', '-'],
  '/': ['*', '%', '-', '+'],
  '%': ['/', '*', '-', '+'],
  '**': ['*', '/'],
  '+=': ['-=', '*=', '='],
  '-=': ['+=', '='],
  '*=': ['+=', '/=', '='],
  '/=': ['*=', '-='],
  '%=': ['/=', '-='],
  '=': ['+=', '-=', '*='],
  '&': ['|', '^', '&&'],
  '|': ['&', '^', '||'],
  '^': ['|', '&', '**'],
  '<<': ['>>', '>>>'],
  '>>': ['<<', '>>>'],
  '>>>': ['>>', '<<'],
};

export const swapOperator: RepairOperator = {
  name: 'swap-operator',
  prior: 0.9,
  source:
    'HumanEvalFix-JS: swap operator 9.1 %; BugsJS: change an if condition 27.4 %; TSSB-3M: binary operator 29K; Offutt 1996 (ROR, AOR, LCR)',
  propose({ node }): OperatorEdit[] {
    if (ts.isBinaryExpression(node)) {
      const others = FAMILIES[node.operatorToken.getText()] ?? [];
      return others.map((operator, rank) => put(node.operatorToken, operator, 1 - 0.12 * rank));
    }
    if (ts.isPostfixUnaryExpression(node)) {
      const other = node.operator === ts.SyntaxKind.PlusPlusToken ? '--' : '++';
      return [put(node, `${node.operand.getText()}${other}`, 0.7), put(node, `${node.operand.getText()} += 2`, 0.4)];
    }
    return [];
  },
};
