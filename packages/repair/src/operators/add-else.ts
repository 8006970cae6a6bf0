import { ts } from 'ts-morph';
import { insertBefore, type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isListed, siblings } from './places.ts';

export const addElse: RepairOperator = {
  name: 'add-else',
  prior: 0.35,
  source: 'BugsJS: add an else branch 2.9 %; HumanEvalFix-JS: missing logic 33 of 164',
  propose({ node, hints }): OperatorEdit[] {
    if (!isListed(node)) return [];
    const list = siblings(node);
    const before = list[list.indexOf(node) - 1];
    const edits: OperatorEdit[] = [];
    if (before !== undefined && ts.isIfStatement(before) && before.elseStatement === undefined && !ts.isReturnStatement(node))
      edits.push(insertBefore(node, 'else ', 0.8));
    if (ts.isIfStatement(node) && node.elseStatement === undefined) {
      for (const statement of hints.statements) {
        const text = statement.getText();
        if (ts.isExpressionStatement(statement) && text.length < 60)
          edits.push(put(node, `${node.getText()} else { ${text.replace(/;?$/, ';')} }`, 0.5));
      }
    }
    return edits;
  },
};
