import { ts } from 'ts-morph';
import { insertAfter, type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const changeArguments: RepairOperator = {
  name: 'change-arguments',
  prior: 0.55,
  source: 'BugsJS: other argument values 14.8 %, other number of arguments 4.9 %; TSSB-3M: more arguments 150K, fewer 50K, swapped 8K',
  propose({ node, names }): OperatorEdit[] {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
    const list = [...(node.arguments ?? [])];
    const edits: OperatorEdit[] = [];
    for (const [index, argument] of list.entries()) {
      const next = list[index + 1];
      if (next !== undefined) {
        edits.push(swap(argument, next));
        edits.push({ changes: [{ start: argument.getStart(), end: next.getStart(), text: '' }], naturalness: 0.4 });
      }
    }
    const last = list.at(-1);
    if (last === undefined) {
      const open = node.end - 1;
      const offers = ['0', '1', '2', "''", "' '", ...names.slice(0, 8), '(a, b) => a - b', '(a, b) => b - a'];
      return offers.map((text) => ({ changes: [{ start: open, end: open, text }], naturalness: 0.35 }));
    }
    const before = list.at(-2);
    if (before !== undefined) edits.push({ changes: [{ start: before.end, end: last.end, text: '' }], naturalness: 0.6 });
    else edits.push(put(last, '', 0.4));
    const more = ['0', '1', '2', '10', "''", ...names.slice(0, 8)];
    return [...edits, ...more.map((text) => insertAfter(last, `, ${text}`, 0.35))];
  },
};

function swap(a: ts.Node, b: ts.Node): OperatorEdit {
  const changes = [
    { start: a.getStart(), end: a.end, text: b.getText() },
    { start: b.getStart(), end: b.end, text: a.getText() },
  ];
  return { changes, naturalness: 0.7 };
}
