import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isListed } from './places.ts';

export const deleteStatement: RepairOperator = {
  name: 'delete-statement',
  prior: 0.45,
  source:
    'HumanEvalFix-JS: excess logic 31 of 164, delete >= 5 tokens 6.7 %; Kali (Qi et al., ISSTA 2015) warns: ranked below edits that keep code',
  propose({ node }): OperatorEdit[] {
    const edits: OperatorEdit[] = [];
    if (ts.isIfStatement(node)) {
      edits.push(put(node, node.thenStatement.getText(), 0.5));
      if (node.elseStatement !== undefined) {
        edits.push({ changes: [{ start: node.thenStatement.end, end: node.elseStatement.end, text: '' }], naturalness: 0.5 });
        edits.push(put(node, node.elseStatement.getText(), 0.5));
      }
    }
    if (ts.isBreakOrContinueStatement(node)) edits.push(put(node, ts.isBreakStatement(node) ? 'continue;' : 'break;', 0.6));
    const removable =
      isListed(node) &&
      !ts.isVariableStatement(node) &&
      !ts.isFunctionDeclaration(node) &&
      !ts.isImportDeclaration(node) &&
      !ts.isExportDeclaration(node);
    if (removable) edits.push(put(node, '', ts.isReturnStatement(node) ? 0.3 : 0.8));
    return edits;
  },
};
