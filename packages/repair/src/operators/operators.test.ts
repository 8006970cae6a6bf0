import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { namesAt } from '../repair-search/names-at.ts';
import { gatherHints } from './hints.ts';
import { repairOperators } from './index.ts';

/** All texts that an operator makes of the body of a function. */
function made(name: string, body: string, expected: readonly string[] = []): string[] {
  const operator = repairOperators.find((one) => one.name === name);
  if (operator === undefined) throw new RangeError(`no operator ${name}`);
  const head = 'async function f(list, n) {\n';
  const text = `${head}${body}\n}\n`;
  const file = ts.createSourceFile('f.js', text, ts.ScriptTarget.Latest, true);
  const hints = gatherHints(file, expected);
  const results: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const { changes, naturalness } of operator.propose({ node, file, names: namesAt(node), hints })) {
      expect(naturalness).toBeGreaterThan(0);
      expect(naturalness).toBeLessThanOrEqual(1);
      const sorted = [...changes].sort((a, b) => b.start - a.start);
      const changed = sorted.reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
      results.push(changed.slice(head.length, -3).replace(/\s+/g, ' ').trim());
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return results;
}

test.each([
  { operator: 'swap-operator', body: 'return n < 2;', becomes: 'return n <= 2;' },
  { operator: 'swap-operator', body: 'n += 1;', becomes: 'n -= 1;' },
  { operator: 'adjust-literal', body: 'return n + 1;', becomes: 'return n + 2;' },
  { operator: 'adjust-literal', body: "return 'no';", expected: ["'never'"], becomes: "return 'never';" },
  { operator: 'adjust-literal', body: 'return true;', becomes: 'return false;' },
  { operator: 'replace-identifier', body: 'return list;', becomes: 'return n;' },
  { operator: 'drop-operand', body: 'return n > 1 && list;', becomes: 'return list;' },
  { operator: 'replace-member', body: 'return Math.floor(n);', becomes: 'return Math.ceil(n);' },
  { operator: 'replace-member', body: 'list.push(n);', becomes: 'list.unshift(n);' },
  { operator: 'shift-by-one', body: 'return list[n];', becomes: 'return list[n - 1];' },
  { operator: 'change-arguments', body: 'return g(list, n);', becomes: 'return g(n, list);' },
  { operator: 'change-arguments', body: 'return g(list, n);', becomes: 'return g(list);' },
  { operator: 'wrap-expression', body: 'return n - 1;', becomes: 'return Math.abs(n - 1);' },
  { operator: 'negate-condition', body: 'if (n) return 1;', becomes: 'if (!n) return 1;' },
  { operator: 'unwrap-call', body: 'return list.reverse();', becomes: 'return list;' },
  { operator: 'change-return', body: 'return n;', expected: ['7'], becomes: 'return 7;' },
  { operator: 'swap-operands', body: 'return list.length - n;', becomes: 'return n - list.length;' },
  { operator: 'swap-operands', body: 'return n ? 1 : 2;', becomes: 'return n ? 2 : 1;' },
  { operator: 'insert-await', body: 'return g(n);', becomes: 'return await g(n);' },
  { operator: 'default-missing', body: 'return list.length;', becomes: 'return list?.length;' },
  { operator: 'default-missing', body: 'return list[n];', becomes: 'return (list[n] ?? 0);' },
  { operator: 'delete-statement', body: 'n++; return n;', becomes: 'return n;' },
  { operator: 'delete-statement', body: 'while (n) break;', becomes: 'while (n) continue;' },
  { operator: 'move-statement', body: 'n++; g(n);', becomes: 'g(n); n++;' },
  { operator: 'move-statement', body: 'while (n) { n--; return 1; }', becomes: 'while (n) { n--; } return 1;' },
  { operator: 'add-condition', body: 'if (n > 1) g(); if (list) g();', becomes: 'if (n > 1) g(); if (list && n > 1) g();' },
  { operator: 'copy-expression', body: 'g(list.length); return list[0];', becomes: 'g(list[0]); return list[0];' },
  { operator: 'insert-guard', body: 'return n;', expected: ['0'], becomes: 'if (n < 0) return 0; return n;' },
  { operator: 'copy-statement', body: 'n++; return n;', becomes: 'n++; n++; return n;' },
  { operator: 'add-else', body: 'if (n) g(); h();', becomes: 'if (n) g(); else h();' },
  { operator: 'keep-result', body: 'list.filter(Boolean);', becomes: 'list = list.filter(Boolean);' },
  { operator: 'restore-arrow', body: 'return list.map(x > n);', becomes: 'return list.map(x => n);' },
])('$operator: $body becomes $becomes', ({ operator, body, expected, becomes }) => {
  expect(made(operator, body, expected)).toContain(becomes);
});

test('each operator has a name of its own, a prior and a source', () => {
  expect(new Set(repairOperators.map(({ name }) => name)).size).toBe(repairOperators.length);
  for (const { prior, source } of repairOperators) {
    expect(prior).toBeGreaterThan(0);
    expect(prior).toBeLessThanOrEqual(1);
    expect(source.length).toBeGreaterThan(20);
  }
});
