import { ts } from 'ts-morph';
import { type EditSite, type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isCondition, isValue, kindOf } from './places.ts';

const MOST_NAMES = 6;

export const addCondition: RepairOperator = {
  name: 'add-condition',
  prior: 0.4,
  source: 'TSSB-3M: stricter if 68K, looser if 22K; BugsJS: change an if condition 27.4 %; HumanEvalFix-JS: missing logic 33 of 164',
  propose(site): OperatorEdit[] {
    const { node } = site;
    const returned =
      node.parent !== undefined &&
      (ts.isReturnStatement(node.parent) || ts.isArrowFunction(node.parent)) &&
      isValue(node) &&
      kindOf(node) === 'boolean';
    if (!isCondition(node) && !returned) return [];
    const text = ts.isBinaryExpression(node) && /\|\||&&|\?\?/.test(node.operatorToken.getText()) ? `(${node.getText()})` : node.getText();
    return moreConditions(site).flatMap(([more, weight]) => [
      put(node, `${text} && ${more}`, weight),
      put(node, `${text} || ${more}`, weight),
    ]);
  },
};

/** Conditions of the same function first, then what can be asked of the names in scope. */
export function moreConditions({ hints, names, node }: EditSite): [string, number][] {
  const found = new Map<string, number>();
  for (const text of hints.conditions) if (text !== node.getText()) found.set(text, 0.6);
  for (const text of hints.conditions) found.set(opposite(text), 0.4);
  for (const name of names.slice(0, MOST_NAMES)) {
    for (const asked of [
      `${name} === 0`,
      `${name} > 0`,
      `${name} < 0`,
      `${name} !== 0`,
      `${name} === 1`,
      `!${name}`,
      name,
      `${name} % 2 === 0`,
      `${name} % 2 === 1`,
    ])
      found.set(asked, 0.3);
    for (const asked of [`${name}.length === 0`, `${name}.length > 0`, `${name} === ''`, `${name} === null`, `${name} < 2`])
      found.set(asked, 0.25);
    for (const other of names.slice(0, MOST_NAMES)) {
      if (other !== name) for (const operator of ['<', '<=', '===', '!==']) found.set(`${name} ${operator} ${other}`, 0.3);
    }
  }
  return [...found].filter(([text]) => text !== '');
}

function opposite(condition: string): string {
  return `!(${condition})`;
}
