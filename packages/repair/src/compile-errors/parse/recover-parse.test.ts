import { describe, expect, test } from 'vitest';
import { parseFaults } from './parse-faults.ts';
import { recoverParse } from './recover-parse.ts';

/** The likeliest text, with its blanks made one. */
function recovered(text: string, file = 'a.js'): string | undefined {
  const candidates = recoverParse(file, text).map(({ changes: [change] }) =>
    change === undefined ? text : text.slice(0, change.start) + change.text + text.slice(change.end),
  );
  for (const candidate of candidates) expect(parseFaults(file, candidate)).toEqual([]);
  return candidates[0]?.replace(/\s+/g, ' ').trim();
}

const BODY = 'export function f(a) {\n  if (a > 1) {\n    return Math.max(a, 2);\n  }\n  return 2;\n}\n';
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe('what does not parse', () => {
  test.each([
    { what: 'a missing bracket', text: BODY.replace('(a, 2)', '(a, 2') },
    { what: 'a missing opening bracket', text: BODY.replace('if (a', 'if a') },
    { what: 'a missing brace inside', text: BODY.replace('  }\n', '') },
    { what: 'a missing brace at the end', text: BODY.replace('2;\n}\n', '2;\n') },
    { what: 'a brace too many', text: `${BODY}}\n` },
    { what: 'a misspelt keyword', text: BODY.replace('function', 'fucntion') },
    { what: 'another', text: BODY.replace('return 2', 'retrun 2') },
    { what: 'an operator too many', text: BODY.replace('a > 1', 'a > / 1') },
    { what: 'a conflict', text: BODY.replace('  return 2;\n', '<<<<<<< HEAD\n  return 2;\n=======\n  return 3;\n>>>>>>> other\n') },
    { what: 'two faults', text: BODY.replace('(a, 2)', '(a, 2').replace('return 2', 'retrun 2') },
  ])('$what', ({ text }) => {
    expect(recovered(text)).toBe(flat(BODY));
  });

  test.each([
    ["export const s = 'abc;\n", "export const s = 'abc';"],
    ["export const s = 'it's so';\n", "export const s = 'it\\'s so';"],
    ['export const s = (n) => `a ${n`;\n', `export const s = (n) => \`a \${n}\`;`],
    ['export const o = {\n  a: 1\n  b: 2,\n};\n', 'export const o = { a: 1, b: 2, };'],
    ['export const f = (a) {\n  return a;\n};\n', 'export const f = (a) => { return a; };'],
    ['for (let i = 0, i < 3, i++) {\n  f(i);\n}\n', 'for (let i = 0; i < 3; i++) { f(i); }'],
    ['if (a) {\n  f();\n} elseif (b) {\n  g();\n}\n', 'if (a) { f(); } else if (b) { g(); }'],
    ['/* adds\nexport const a = 1;\n', '/* adds */ export const a = 1;'],
    ["import { a } './b.js';\n", "import { a } from './b.js';"],
  ])('%s', (text, becomes) => {
    expect(recovered(text)).toBe(becomes);
  });

  test('elements that are not closed, or closed by another name', () => {
    expect(recovered('export const A = () => <p><b>x</d></p>;\n', 'a.tsx')).toBe('export const A = () => <p><b>x</b></p>;');
    expect(recovered('export const A = () => <p><img src="a"></p>;\n', 'a.tsx')).toBe('export const A = () => <p><img src="a" /></p>;');
  });
});

test('a file that parses has nothing to recover, and one beyond help gives nothing within its time', () => {
  expect(recoverParse('a.js', BODY)).toEqual([]);
  expect(recoverParse('a.js', ') ] } @ # ( { [ ~ \n'.repeat(40), 200)).toEqual([]);
});
