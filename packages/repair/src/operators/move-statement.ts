import { ts } from 'ts-morph';
import { indentOf } from './insert-guard.ts';
import type { OperatorEdit, RepairOperator } from './operator.ts';
import { isListed, siblings } from './places.ts';

export const moveStatement: RepairOperator = {
  name: 'move-statement',
  prior: 0.45,
  source:
    'HumanEvalFix-JS: several places, mostly swaps 16.5 %; template order (6) of the notes: delete or move a statement; GenProg (swap)',
  propose({ node }): OperatorEdit[] {
    if (!isListed(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
    const list = siblings(node);
    const next = list[list.indexOf(node) + 1];
    const edits: OperatorEdit[] = next === undefined ? [] : [swap(node, next, 0.7)];
    // Out of the block it ends, to behind it; or to before it.
    const owner = ts.isBlock(node.parent) ? ts.findAncestor(node.parent.parent, isListed) : undefined;
    if (owner !== undefined && !ts.isFunctionLike(node.parent.parent)) {
      const text = node.getText();
      edits.push({ changes: [remove(node), { start: owner.end, end: owner.end, text: `\n${indentOf(owner)}${text}` }], naturalness: 0.7 });
      edits.push({
        changes: [{ start: owner.getStart(), end: owner.getStart(), text: `${text}\n${indentOf(owner)}` }, remove(node)],
        naturalness: 0.6,
      });
    }
    // Into the end of the block before it, or the start of the one behind it.
    for (const other of [list[list.indexOf(node) - 1], next]) {
      const block = other === undefined ? undefined : bodyOf(other);
      if (block === undefined) continue;
      for (const at of [block.end - 1, block.getStart() + 1]) {
        const put = { start: at, end: at, text: ` ${node.getText()} ` };
        edits.push({ changes: [remove(node), put].sort((a, b) => a.start - b.start), naturalness: 0.5 });
      }
    }
    return edits;
  },
};

function bodyOf(statement: ts.Statement): ts.Block | undefined {
  const body = ts.isIterationStatement(statement, false)
    ? statement.statement
    : ts.isIfStatement(statement)
      ? statement.thenStatement
      : undefined;
  return body !== undefined && ts.isBlock(body) ? body : undefined;
}

function remove(node: ts.Node): { start: number; end: number; text: string } {
  return { start: node.getStart(), end: node.end, text: '' };
}

function swap(a: ts.Node, b: ts.Node, naturalness: number): OperatorEdit {
  const changes = [
    { start: a.getStart(), end: a.end, text: b.getText() },
    { start: b.getStart(), end: b.end, text: a.getText() },
  ];
  return { changes, naturalness };
}
