import { ts } from 'ts-morph';
import { indentOf } from './insert-guard.ts';
import { insertAfter, insertBefore, type OperatorEdit, type RepairOperator } from './operator.ts';
import { inLoop, isListed } from './places.ts';

const LONGEST = 90;
const MOST_NAMES = 7;

export const copyStatement: RepairOperator = {
  name: 'copy-statement',
  prior: 0.35,
  source:
    'HumanEvalFix-JS: missing logic 33 of 164, insert >= 5 tokens 15.2 %; the plastic surgery hypothesis (Barr et al., FSE 2014); GenProg',
  propose({ node, names, hints }): OperatorEdit[] {
    if (!isListed(node) || ts.isFunctionDeclaration(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
    const inFunction = ts.findAncestor(node.parent, (one) => ts.isFunctionLike(one)) !== undefined;
    if (!inFunction) return [];
    const texts = new Map<string, number>();
    for (const statement of hints.statements) {
      const text = statement.getText();
      if (statement !== node && text.length <= LONGEST && !ts.isVariableStatement(statement) && !text.includes('=>'))
        texts.set(text, ts.isReturnStatement(statement) ? 0.4 : 0.7);
    }
    for (const [text, weight] of madeUp(names.slice(0, MOST_NAMES), inLoop(node))) if (!texts.has(text)) texts.set(text, weight);
    const ended = (text: string): string => (/[;}]$/.test(text) ? text : `${text};`);
    return [...texts].flatMap(([text, weight]) => [
      insertBefore(node, `${ended(text)}\n${indentOf(node)}`, weight),
      ...(ts.isReturnStatement(node) ? [] : [insertAfter(node, `\n${indentOf(node)}${ended(text)}`, weight)]),
    ]);
  },
};

/** Small statements over the names in scope: counting, adding up, collecting, tidying. */
function madeUp(names: readonly string[], loop: boolean): [string, number][] {
  const found: [string, number][] = [];
  for (const name of names) {
    found.push(
      [`${name}++;`, 0.5],
      [`${name}--;`, 0.3],
      [`${name}.sort();`, 0.3],
      [`${name}.reverse();`, 0.25],
      [`${name}.sort((a, b) => a - b);`, 0.3],
    );
    found.push(
      [`${name} = Math.abs(${name});`, 0.2],
      [`${name} = 0;`, 0.3],
      [`${name} = '';`, 0.2],
      [`${name} = [];`, 0.2],
      [`${name} = Math.floor(${name});`, 0.15],
    );
    for (const other of names) {
      if (other === name) continue;
      found.push(
        [`${name} += ${other};`, 0.3],
        [`${name} = ${other};`, 0.3],
        [`${name}.push(${other});`, 0.3],
        [`${name} -= ${other};`, 0.15],
        [`${name} *= ${other};`, 0.15],
      );
    }
  }
  if (loop) found.push(['break;', 0.4], ['continue;', 0.3]);
  return found;
}
