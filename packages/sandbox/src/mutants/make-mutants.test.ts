import { expect, test } from 'vitest';
import { makeMutants } from './make-mutants.ts';

const SOURCE = `import { rate } from './rate.ts';
/** Price with discount. */
export function price(amount: number, customer?: { level: 'gold' | 'plain' }): number {
  'use strict';
  if (amount <= 0) throw new Error('bad');
  const share = customer?.level === 'gold' ? 0.9 : 1;
  log(share);
  return amount * share + rate;
}
`;
const all = new Set(SOURCE.split('\n').map((_, index) => index + 1));

function changes(file: string, source: string, lines: ReadonlySet<number>): string[] {
  const before = source.split('\n');
  return makeMutants(file, source, lines).map(({ line, text }) => {
    const after = text.split('\n');
    expect(after.filter((content, index) => content !== before[index])).toHaveLength(1);
    return `${line}:${after[line - 1]?.trim()}`;
  });
}

test('changes operators, conditions, literals, returns and statements of the named lines', () => {
  expect(changes('price.ts', SOURCE, new Set([5, 7, 8])).sort()).toEqual([
    "5:if (amount < 0) throw new Error('bad');",
    '5:if (amount <= 0) ;',
    "5:if (amount <= 0) throw new Error('');",
    "5:if (amount <= 1) throw new Error('bad');",
    "5:if (amount > 0) throw new Error('bad');",
    "5:if (false) throw new Error('bad');",
    "5:if (true) throw new Error('bad');",
    '7:;',
    '8:return amount * share - rate;',
    '8:return amount / share + rate;',
    '8:return undefined;',
  ]);
});

test('the first few spread over the lines', () => {
  const first = makeMutants('price.ts', SOURCE, all).slice(0, 4);
  expect(first.map(({ line }) => line)).toEqual([5, 6, 7, 8]);
});

test('leaves types, imports, directives and keys alone', () => {
  const texts = makeMutants('price.ts', SOURCE, all).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) {
    expect(text).toContain("'gold' | 'plain'");
    expect(text).toContain("from './rate.ts'");
    expect(text).toContain("'use strict'");
  }
  expect(makeMutants('a.js', "const a = { 'key': b };\n", new Set([1])).map(({ text }) => text)).toEqual([]);
});

test('every mutant parses, in each kind of file', () => {
  const loops = 'for (let i = 0; i < 2; i++) { a ||= !a; --a; } while (a) { await g(); }';
  const source = `const f = async (a) => { ${loops} return a?.b ?? [a, -1, \`x\${a}\`, "", true] };\n`;
  for (const file of ['a.js', 'a.mjs', 'a.tsx', 'a.cts']) {
    const mutants = makeMutants(file, source, new Set([1]));
    expect(mutants.length).toBeGreaterThan(15);
    expect(new Set(mutants.map(({ text }) => text)).size).toBe(mutants.length);
  }
});

test('nothing to change, no mutant', () => {
  expect(makeMutants('a.js', 'import "b";\n', new Set([1]))).toEqual([]);
});
