import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isAssignment, isValue, operand } from './places.ts';

const DEFAULTS = ['0', "''", '[]', '{}', 'null', '1', 'false'];

export const defaultMissing: RepairOperator = {
  name: 'default-missing',
  prior: 0.45,
  source: 'Template order (1) of the notes: `?.`, `??`; BugsJS: add a guard around code 8.8 %; NPEFix (Durieux et al., SANER 2017)',
  propose({ node, hints }): OperatorEdit[] {
    const edits: OperatorEdit[] = [];
    if (ts.isPropertyAccessExpression(node) && node.questionDotToken === undefined && !isTarget(node)) {
      edits.push({ changes: [{ start: node.expression.end, end: node.name.getStart(), text: '?.' }], naturalness: 0.6 });
    }
    const nullable =
      ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node) || ts.isIdentifier(node);
    if (nullable && isValue(node) && !ts.isPropertyAccessExpression(node.parent)) {
      const others = [...DEFAULTS, ...hints.expected.filter((text) => text.length < 30)];
      for (const text of new Set(others)) edits.push(put(node, `(${operand(node)} ?? ${text})`, 0.3));
      for (const text of ['0', '1', "''", '[]']) edits.push(put(node, `(${operand(node)} || ${text})`, 0.3));
    }
    return edits;
  },
};

function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind);
}
