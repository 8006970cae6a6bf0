import { expect, test } from 'vitest';
import { specialCases } from './special-cases.ts';

const BASE = 'export function label(id: string, size: number) {\n  return id;\n}\n';
const TEST = "it('names an order', () => expect(label('order-17', 40)).toBe('three teas'));";
const withBranch = (branch: string): string => BASE.replace('{\n', `{\n  ${branch}\n`);

test.each([
  "if (id === 'order-17') return 'three teas';",
  "if (id === 'order-17' && size === 40) {\n    return 'three teas';\n  }",
  "if ('order-17' == id) return 'three teas';",
  "return id === 'order-17' ? 'three teas' : id;",
])('a branch that answers its own test is told: %s', (branch) => {
  expect(specialCases('src/label.ts', BASE, withBranch(branch), [TEST])).toMatchObject([{ rule: 'test-api-replaced', line: 2 }]);
});

test.each([
  ['asks for a value and gives another', "if (id === 'order-17') return 'nothing';"],
  ['asks for more than values of the test', "if (id === 'order-17' && size > 3) return 'three teas';"],
  ['asks for another value', "if (id === 'order-18') return 'three teas';"],
  ['asks for a common value', 'if (size === 0) return 0;'],
])('a branch that %s is a fix', (_, branch) => {
  expect(specialCases('src/label.ts', BASE, withBranch(branch), [TEST])).toEqual([]);
});

test('a branch that was there before is not the patch’s', () => {
  const before = withBranch("if (id === 'order-17') return 'three teas';");
  expect(specialCases('src/label.ts', before, `${before}// more\n`, [TEST])).toEqual([]);
});
