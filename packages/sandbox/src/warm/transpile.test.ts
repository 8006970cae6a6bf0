import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { needsTranspiling, pathAliases, transpile } from './transpile.ts';

const ENUM = `interface Size { width: number }

export enum Unit { Metre = 'm', Foot = 'ft' }
export class Length {
  constructor(private readonly size: Size) {}
  text(unit: Unit): string {
    return this.size.width + unit;
  }
}
`;

function folderWith(tsconfig: object): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'selfheal-transpile-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  return folder;
}

test.each([
  ['a.ts', 'export const a: number = 1;', false],
  ['a.ts', 'declare enum A { b }\nexport declare namespace N { type T = string }', false],
  ['a.ts', ENUM, true],
  ['a.ts', 'class A { constructor(readonly a: number) {} }', true],
  ['a.ts', '@seen class A {}', true],
  ['a.tsx', 'export const a = 1;', true],
  ['a.js', 'export const a = 1;', false],
])('%s: %s', (path, text, needed) => {
  expect(needsTranspiling(path, text)).toBe(needed);
});

test('places of what runs are found again in what was written', () => {
  const { text, toSource, toSourceLine } = transpile('/nowhere/a.ts', ENUM);
  expect(text).not.toContain('enum');
  const at = text.indexOf('this.size.width + unit');
  expect(ENUM.slice(toSource(at))).toMatch(/^this\.size\.width \+ unit/);
  const line = text.slice(0, at).split('\n').length;
  expect(toSourceLine(line, 12)).toBe(7);
});

test('JSX is compiled as the tsconfig says', () => {
  const folder = folderWith({ compilerOptions: { jsx: 'react', jsxFactory: 'h' } });
  expect(transpile(join(folder, 'a.tsx'), 'export const a = <p>x</p>;').text).toContain('h("p", null, "x")');
});

test('names for places of the project', () => {
  const folder = folderWith({ compilerOptions: { baseUrl: '.', paths: { '@lib/*': ['src/lib/*'] } }, files: [] });
  expect(pathAliases(folder)).toEqual([{ pattern: '@lib/*', targets: [join(folder, 'src/lib/*')] }]);
});
