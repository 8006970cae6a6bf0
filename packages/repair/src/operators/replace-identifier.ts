import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isAssignment, isDeclaredName, kindOf } from './places.ts';

export const replaceIdentifier: RepairOperator = {
  name: 'replace-identifier',
  prior: 0.8,
  source: 'TSSB-3M: other identifier 237K (the commonest); HumanEvalFix-JS: variable misuse 23 of 164, other identifier 6.7 %',
  propose({ node, names, hints }): OperatorEdit[] {
    if (!isUse(node)) return [];
    const callee = ts.isCallExpression(node.parent) && node.parent.expression === node;
    const numeric = isNumericPlace(node);
    const others = names.filter((name) => name !== node.text).map((name, rank) => put(node, name, 0.9 / (1 + rank * 0.08)));
    if (callee) return others;
    const literals = (numeric ? ['0', '1', '2', '-1'] : ['0', '1']).map((text) => put(node, text, numeric ? 0.3 : 0.15));
    const accesses = hints.expressions
      .filter((text) => text.length < 24 && !text.includes(`${node.text} `))
      .map((text) => put(node, needsParentheses(text) ? `(${text})` : text, 0.2));
    return isTarget(node) ? others : [...others, ...literals, ...accesses];
  },
};

function needsParentheses(text: string): boolean {
  return /[-+*/%<>=&|?]/.test(text);
}

/** A name that is used or assigned to: not declared, not a property's or a label's. */
function isUse(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !isDeclaredName(node);
}

function isTarget(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind)) return parent.left === node;
  return ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent);
}

function isNumericPlace(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isElementAccessExpression(parent)) return parent.argumentExpression === node;
  return ts.isBinaryExpression(parent) && kindOf(parent) !== 'string' && parent.operatorToken.getText() !== '=';
}
