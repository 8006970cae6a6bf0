import { describe, expect, it } from 'vitest';
import { checkSyntax } from './check-syntax.ts';
import { TypeCheck } from './check-types.ts';

const tsconfig = '{ "compilerOptions": { "strict": true, "target": "es2022", "module": "nodenext" } } // comment';
const label = `import { readFileSync } from 'node:fs';
import type { App } from 'fastify';
export interface Label { id: string }
export function labelOf(order: { label?: Label }, app: App): Label {
  app.log(readFileSync('x'));
  return order.label;
}
`;

describe('checkSyntax', () => {
  it('takes a correct change, although the dependencies are not there and the base has faults of its own', () => {
    const after = { 'label.ts': label.replace('app.log', 'if (!app) throw new Error();\n  app.log') };
    expect(checkSyntax({ 'label.ts': label, 'tsconfig.json': tsconfig }, { ...after, 'tsconfig.json': tsconfig })).toEqual({
      valid: true,
      errors: [],
    });
  });

  it('reports a type error that is new, with its place', () => {
    const { valid, errors } = checkSyntax(
      { 'label.ts': label, 'tsconfig.json': tsconfig },
      { 'label.ts': label.replace('return order', 'if (!order) return null;\n  return order'), 'tsconfig.json': tsconfig },
    );
    expect(valid).toBe(false);
    expect(errors).toEqual([{ file: 'label.ts', line: 6, column: 15, message: "Type 'null' is not assignable to type 'Label'." }]);
  });

  it.each([
    ['src/a.js', 'const a = ;\n', 1],
    ['src/a.cjs', 'function f() {\n  return (1;\n}\n', 2],
    ['src/a.tsx', 'const a = <div>;\n', 1],
    ['sequences/a.json', '{\n  "a": 1,\n}\n', 3],
  ])('reports broken syntax of %s', (path, text, line) => {
    const { valid, errors } = checkSyntax({}, { [path]: text });
    expect(valid).toBe(false);
    expect(errors[0]).toMatchObject({ file: path, line });
  });

  it('leaves files alone that are no code', () => {
    expect(checkSyntax({}, { 'CHANGELOG.md': '# {' })).toEqual({ valid: true, errors: [] });
  });
});

describe('TypeCheck', () => {
  it('judges each candidate against the base, not against the one before', () => {
    const check = new TypeCheck({
      'a.ts': 'export const a: number = 1;\n',
      'b.ts': "import { a } from './a.ts';\nexport const b: number = a;\n",
    });
    expect(check.newFaults({ 'a.ts': "export const a: number = 'x';\n" }, ['a.ts'])).toHaveLength(1);
    expect(check.newFaults({ 'a.ts': 'export const a: number = 2;\n' }, ['a.ts'])).toEqual([]);
    expect(check.newFaults({ 'c.ts': 'const c: string = 1;\n' }, ['c.ts'])).toHaveLength(1);
    expect(check.newFaults({ 'b.ts': "import { a } from './a.ts';\nexport const b: string = a;\n" }, ['b.ts'])).toHaveLength(1);
  });
});
