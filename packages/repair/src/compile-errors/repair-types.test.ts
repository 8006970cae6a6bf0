import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { applyChanges, CompileCheck } from './compile-check.ts';
import { findConfigs } from './find-configs.ts';
import { repairTypes } from './repair-types.ts';

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    noEmit: true,
    types: [],
  },
};
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-types-'));
  folders.push(folder);
  for (const [file, text] of Object.entries({ 'tsconfig.json': JSON.stringify(TSCONFIG), ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** The texts of the likeliest repair. */
function repaired(files: Readonly<Record<string, string>>): { texts: Record<string, string>; errors: number } {
  const check = new CompileCheck({ root: folderWith(files), config: 'tsconfig.json' });
  const { candidates } = repairTypes({ check, editable: (file) => file in files, budgetMs: 20_000 });
  const changes = candidates[0]?.changes ?? [];
  for (const { changes: each } of candidates) expect(check.newErrors(each)).toEqual([]);
  const changed = (file: string): string =>
    applyChanges(
      files[file] ?? '',
      changes.filter((change) => change.file === file),
    );
  return { texts: Object.fromEntries(Object.keys(files).map((file) => [file, changed(file)])), errors: check.base.length };
}

const LOAD = 'async function load(id: number): Promise<number> { return id; }\n';
const ORDER = 'export interface Order { id: string; total: number }\n';

describe('what does not compile', () => {
  test.each([
    {
      what: 'a misspelt member',
      text: `${ORDER}export const sum = (order: Order): number => order.totla + 1;\n`,
      becomes: 'order.total + 1',
    },
    {
      what: 'a misspelt member in a pattern',
      text: `${ORDER}export const sum = ({ totla }: Order): number => totla + 1;\n`,
      becomes: '{ total: totla }',
    },
    {
      what: 'a misspelt declaration',
      text: 'export interface Wait { timout: number }\nexport const a = (w: Wait) => w.timeout;\nexport const b = (w: Wait) => w.timeout + 1;\n',
      becomes: '{ timeout: number }',
    },
    {
      what: 'a missing await',
      text: `${LOAD}export async function next(id: number): Promise<number> {\n  const n = load(id);\n  return n + 1;\n}\n`,
      becomes: 'const n = await load(id);',
    },
    {
      what: 'a missing Promise.all',
      text: `${LOAD}export async function total(ids: number[]): Promise<number> {\n  const all = ids.map((id) => load(id));\n  return all.reduce((a, b) => a + b, 0);\n}\n`,
      becomes: 'await Promise.all(ids.map((id) => load(id)))',
    },
    {
      what: 'something that may be missing',
      text: `${ORDER}export function totalOf(orders: Order[], id: string): number {\n  const found = orders.find((one) => one.id === id);\n  return found.total;\n}\n`,
      becomes: 'return found?.total ?? 0;',
    },
    {
      what: 'arguments in the wrong order',
      text: "const repeat = (text: string, n: number): string => text.repeat(n);\nexport const line = (n: number): string => repeat(n, '-');\n",
      becomes: "repeat('-', n)",
    },
    {
      what: 'a missing argument',
      text: 'const area = (width: number, height: number): number => width * height;\nexport const volume = (width: number, height: number, depth: number): number => area(width) * depth;\n',
      becomes: 'area(width, height) * depth',
    },
    {
      what: 'a missing property',
      text: `${ORDER}export const open = (id: string, total: number): Order => ({ id });\n`,
      becomes: '{ id, total }',
    },
    {
      what: 'a value of a union that is misspelt',
      text: "export type State = 'open' | 'closed';\nexport const first = (): State => 'opne';\n",
      becomes: "=> 'open'",
    },
    {
      what: 'a missing return',
      text: 'export function most(a: number, b: number): number {\n  const top = a > b ? a : b;\n}\n',
      becomes: 'return top;',
    },
    {
      what: 'a list where its length is meant',
      text: 'export function mean(list: number[], sum: number): number {\n  return sum / list;\n}\n',
      becomes: 'sum / list.length',
    },
    {
      what: 'a method that an interface asks for by another name',
      text: "interface Shape { area(): number; name: string }\nexport class Square implements Shape {\n  name = 'square';\n  aera(): number { return 4; }\n}\n",
      becomes: 'area(): number { return 4; }',
    },
  ])('$what', ({ text, becomes }) => {
    const { texts, errors } = repaired({ 'src/a.ts': text });
    expect(errors).toBeGreaterThan(0);
    expect(texts['src/a.ts']).toContain(becomes);
  });

  test('an import that is missing, and one of a wrong path', () => {
    const module = 'export const double = (n: number): number => 2 * n;\n';
    const missing = repaired({ 'src/math.ts': module, 'src/a.ts': 'export const four = double(2);\n' });
    expect(missing.texts['src/a.ts']).toMatch(/import \{ double \} from ["']\.\/math["']/);
    const wrong = repaired({ 'src/math.ts': module, 'src/a.ts': "import { double } from './maths';\nexport const four = double(2);\n" });
    expect(wrong.texts['src/a.ts']).toContain("from './math'");
  });

  test('several errors at once, each by its own edit', () => {
    const text = `${ORDER}export const a = (order: Order): number => order.totl;\nexport const b = (order?: Order): string => order.id;\n`;
    const { texts, errors } = repaired({ 'src/a.ts': text });
    expect(errors).toBe(2);
    expect(texts['src/a.ts']).toContain('order.total;');
    expect(texts['src/a.ts']).toContain("order?.id ?? ''");
  });
});

test('types written where a variable is declared are among what may be wrong', () => {
  const text = 'const groups = new Map<string, string>();\nexport const add = (words: string[]) => groups.set(words.join(), words);\n';
  const check = new CompileCheck({ root: folderWith({ 'src/a.ts': text }), config: 'tsconfig.json' });
  const { candidates } = repairTypes({ check, editable: () => true, budgetMs: 10_000 });
  expect(candidates.map(({ changes }) => applyChanges(text, changes))).toContain(text.replace(', string>', ', string[]>'));
});

test('nothing is cast or asserted away, and a file that may not be edited is not', () => {
  const text = 'export const f = (value: unknown): number => value.length;\n';
  const check = new CompileCheck({ root: folderWith({ 'src/a.ts': text }), config: 'tsconfig.json' });
  const { candidates } = repairTypes({ check, editable: () => true, budgetMs: 10_000 });
  for (const { changes } of candidates) for (const change of changes) expect(change.text).not.toMatch(/\bany\b|@ts-|\w!/);
  expect(repairTypes({ check, editable: () => false, budgetMs: 10_000 })).toMatchObject({ candidates: [], left: [{ line: 1 }] });
});

test('packages that are not installed are no fault, relative paths are', () => {
  const text = "import a from 'not-there';\nimport b from './not-there';\nexport default [a, b];\n";
  const check = new CompileCheck({ root: folderWith({ 'src/a.ts': text }), config: 'tsconfig.json' });
  expect(check.base.map(({ line }) => line)).toEqual([2]);
});

test('projects that a tsconfig refers to are found', () => {
  const reference = JSON.stringify({ files: [], references: [{ path: 'packages/a' }] });
  const own = JSON.stringify({ compilerOptions: { composite: true, strict: true } });
  const root = folderWith({ 'tsconfig.json': reference, 'packages/a/tsconfig.json': own, 'packages/a/x.ts': 'export const x = 1;\n' });
  expect(findConfigs(root)).toEqual(['packages/a/tsconfig.json']);
});
