import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const keepResult: RepairOperator = {
  name: 'keep-result',
  prior: 0.5,
  source:
    'BugsJS: change the assigned expression 25.4 %, change a return 7.3 %; a result that is computed and dropped (ErrorProne: ReturnValueIgnored)',
  propose({ node }): OperatorEdit[] {
    if (!ts.isExpressionStatement(node)) return [];
    const { expression } = node;
    const value = expression.getText();
    if (!ts.isCallExpression(expression) && !ts.isBinaryExpression(expression)) return [];
    const edits = [put(node, `return ${value};`, 0.7)];
    const root = rootOf(expression);
    return root === undefined ? edits : [...edits, put(node, `${root} = ${value};`, 0.7)];
  },
};

/** The variable that a chain of calls begins with. */
function rootOf(expression: ts.Expression): string | undefined {
  let at: ts.Expression = expression;
  while (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at)) at = at.expression;
  return ts.isIdentifier(at) && at !== expression ? at.text : undefined;
}
