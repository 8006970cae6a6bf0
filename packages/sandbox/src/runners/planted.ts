import { basename, dirname, extname, join } from 'node:path';
import type { TestRunnerName } from '@selfheal/contracts';

export interface PlantedFile {
  readonly file: string;
  readonly text: string;
}

/**
 * A test file that must fail, made like `sample` (name pattern, folder, module system), so that the runner finds it wherever it finds
 * that one. `token` is random and the title of its only test.
 */
export function plantedFile(runner: TestRunnerName, sample: PlantedFile, token: string, tdd: boolean): PlantedFile {
  const file = join(dirname(sample.file), plantedName(basename(sample.file), token));
  const body = 'throw new Error("planted");';
  const declare = declaration(runner, sample, token, tdd);
  return { file, text: `${declare.head}${declare.test}(${JSON.stringify(token)}, function () { ${body} });\n` };
}

/**
 * Tests that must fail, to be put at the end of an existing test file: they run after, and in the same process as, the code under test,
 * and use the very assertions that the file uses, so an assertion that this code replaced is seen. Empty where nothing fits.
 */
export function plantedTests(runner: TestRunnerName, sample: PlantedFile, token: string, tdd: boolean): string {
  const { head, test, expect } = declaration(runner, sample, token, tdd);
  // Only these hand their assertions to the test; to the others a parameter would be a callback.
  const given = runner === 'ava' || runner === 'tap' ? 't' : '';
  const failing = ['throw new Error("planted");', ...failingAssertions(sample, expect), ...(given === '' ? [] : givenAssertions(sample))];
  const tests = failing.map((body, index) => `${test}(${JSON.stringify(`${token} ${index}`)}, async function (${given}) { ${body} });`);
  return `\n${head}${tests.join('\n')}\n`;
}

function plantedName(name: string, token: string): string {
  const suffixed = /^.*?([._-](?:test|spec|tests|specs)\.[^.]+)$/i.exec(name);
  if (suffixed !== null) return `${token}${suffixed[1]}`;
  const prefixed = /^(test[._-]?)/i.exec(name);
  return prefixed === null ? `${token}${extname(name)}` : `${prefixed[1]}${token}${extname(name)}`;
}

/** How the sample's runner and module system declare a test: imports, and the names of the two functions. */
function declaration(
  runner: TestRunnerName,
  sample: PlantedFile,
  token: string,
  tdd: boolean,
): { head: string; test: string; expect: string } {
  const test = `test_${token}`;
  const expect = `expect_${token}`;
  const imported = (module: string, names: readonly string[]): string => {
    const [from, to] = usesImport(sample)
      ? [`import { ${names.map((name) => `${name} as ${name}_${token}`).join(', ')} } from`, '']
      : [`const { ${names.map((name) => `${name}: ${name}_${token}`).join(', ')} } = require(`, ')'];
    return `${from} ${JSON.stringify(module)}${to};\n`;
  };
  switch (runner) {
    case 'node:test':
      return { head: imported('node:test', ['test']), test, expect: '' };
    case 'vitest':
      return { head: `import { test as ${test}, expect as ${expect} } from "vitest";\n`, test, expect };
    case 'jest':
      return sample.text.includes('@jest/globals')
        ? { head: imported('@jest/globals', ['test', 'expect']), test, expect }
        : { head: '', test: 'test', expect: 'expect' };
    case 'ava':
      return wholeImport(sample, 'ava', test);
    case 'tap':
      return { ...wholeImport(sample, 'tap', `tap_${token}`), test: `tap_${token}.test` };
    case 'mocha': {
      const chai = /['"]chai['"]/.test(sample.text);
      return { head: chai ? imported('chai', ['expect']) : '', test: tdd ? 'test' : 'it', expect: chai ? expect : '' };
    }
  }
}

/** `import test from 'ava'`. */
function wholeImport(sample: PlantedFile, module: string, name: string): { head: string; test: string; expect: string } {
  const [from, to] = usesImport(sample) ? [`import ${name} from`, ''] : [`const ${name} = require(`, ')'];
  return { head: `${from} ${JSON.stringify(module)}${to};\n`, test: name, expect: '' };
}

function usesImport({ file, text }: PlantedFile): boolean {
  if (/\.(mjs|mts)$/.test(file)) return true;
  if (/\.(cjs|cts)$/.test(file)) return false;
  if (/^\s*(import\s*[\w{*'"]|export\s)/m.test(text)) return true;
  return /\.tsx?$/.test(file) && !/\brequire\(/.test(text);
}

/** A failing use of each assertion that a test file may rely on. */
const EXPECTATIONS: Readonly<Record<string, string>> = {
  toBe: '(1).toBe(2)',
  toEqual: '({ a: 1 }).toEqual({ a: 2 })',
  toStrictEqual: '({ a: 1 }).toStrictEqual({ a: 2 })',
  toMatchObject: '({ a: 1 }).toMatchObject({ a: 2 })',
  toThrow: '(function () {}).toThrow()',
  toMatch: '("a").toMatch(/b/)',
  toContain: '([1]).toContain(2)',
  toHaveLength: '([1]).toHaveLength(2)',
  toBeGreaterThan: '(1).toBeGreaterThan(2)',
  toBeLessThan: '(2).toBeLessThan(1)',
  toBeLessThanOrEqual: '(2).toBeLessThanOrEqual(1)',
  toBeCloseTo: '(1).toBeCloseTo(2)',
  toBeNull: '(1).toBeNull()',
  toBeUndefined: '(1).toBeUndefined()',
  toBeDefined: '(undefined).toBeDefined()',
  toBeTruthy: '(0).toBeTruthy()',
  toBeFalsy: '(1).toBeFalsy()',
};
const CHAI: Readonly<Record<string, string>> = {
  equal: '(1).to.equal(2)',
  eql: '({ a: 1 }).to.eql({ a: 2 })',
  deep: '({ a: 1 }).to.deep.equal({ a: 2 })',
  throw: '(function () {}).to.throw()',
};
const ASSERTIONS: Readonly<Record<string, string>> = {
  strictEqual: 'strictEqual(1, 2)',
  equal: 'equal(1, 2)',
  deepStrictEqual: 'deepStrictEqual({ a: 1 }, { a: 2 })',
  deepEqual: 'deepEqual({ a: 1 }, { a: 2 })',
  ok: 'ok(false)',
  throws: 'throws(function () {})',
  rejects: 'rejects(Promise.resolve(1))',
  doesNotReject: 'doesNotReject(Promise.reject(new Error("planted")))',
  doesNotThrow: 'doesNotThrow(function () { throw new Error("planted"); })',
  match: 'match("a", /b/)',
};

/** Of ava and tap, where they have it. */
const GIVEN: Readonly<Record<string, string>> = {
  is: 'is(1, 2)',
  equal: 'equal(1, 2)',
  not: 'not(1, 1)',
  same: 'same({ a: 1 }, { a: 2 })',
  deepEqual: 'deepEqual({ a: 1 }, { a: 2 })',
  like: 'like({ a: 1 }, { a: 2 })',
  match: 'match("a", /b/)',
  ok: 'ok(false)',
  true: 'true(false)',
  truthy: 'truthy(0)',
  false: 'false(true)',
  falsy: 'falsy(1)',
  regex: 'regex("a", /b/)',
  throws: 'throws(function () {})',
  notThrows: 'notThrows(function () { throw new Error("planted"); })',
};

function givenAssertions({ text }: PlantedFile): string[] {
  return Object.entries(GIVEN).flatMap(([name, use]) => (new RegExp(`\\bt\\.${name}\\(`).test(text) ? [`t.${use};`] : []));
}

function failingAssertions({ file, text }: PlantedFile, expect: string): string[] {
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const found: string[] = [];
  if (expect !== '') {
    const known = /['"]chai['"]/.test(text) ? CHAI : EXPECTATIONS;
    found.push(...Object.entries(known).flatMap(([name, use]) => (used(name) ? [`${expect}${use};`] : [])));
  }
  if (/['"](node:)?assert(\/strict)?['"]/.test(text)) {
    // The module's object itself, as an import of single functions would not see a replaced one.
    const process = /\.[cm]?tsx?$/.test(file) ? '(globalThis as any).process' : 'process';
    for (const module of ['assert', 'assert/strict']) {
      const assert = `${process}.getBuiltinModule(${JSON.stringify(`node:${module}`)})`;
      found.push(...Object.entries(ASSERTIONS).flatMap(([name, use]) => (used(name) ? [`await ${assert}.${use};`] : [])));
    }
  }
  return found;
}
