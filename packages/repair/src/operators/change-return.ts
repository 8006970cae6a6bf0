import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isAssignment } from './places.ts';

export const changeReturn: RepairOperator = {
  name: 'change-return',
  prior: 0.5,
  source: 'BugsJS: change a return 7.3 %, change the assigned expression 25.4 %; HumanEvalFix-JS: value misuse 44 of 164',
  propose({ node, names, hints }): OperatorEdit[] {
    const value = givenValue(node);
    if (value === undefined) return [];
    const now = value.getText();
    const offers = new Map<string, number>();
    for (const text of hints.expected) offers.set(text, 0.3);
    for (const name of names.slice(0, 10)) offers.set(name, 0.6);
    for (const text of hints.expressions) offers.set(text, 0.35);
    for (const text of hints.conditions) offers.set(text, 0.25);
    for (const name of names.slice(0, 6))
      for (const text of [
        `${name} + ${now}`,
        `${now} + ${name}`,
        `[...${name}]`,
        `${name}.length`,
        `${now} - ${name}`,
        `${name} - ${now}`,
        `${now} * ${name}`,
      ])
        offers.set(text, 0.3);
    offers.delete(now);
    return [...offers].map(([text, weight]) => put(value, text, weight));
  },
};

/** What is returned, assigned or declared. */
function givenValue(node: ts.Node): ts.Expression | undefined {
  if (ts.isReturnStatement(node)) return node.expression;
  if (ts.isVariableDeclaration(node)) return node.initializer;
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return node.right;
  return ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined;
}
