import { describe, expect, it } from 'vitest';
import { indexCodebase } from '../codebase/index-codebase.ts';
import { applyEdits } from '../patch/apply-edits.ts';
import { renderTest } from './render-test.ts';
import type { TestPlan } from './test-plan.ts';
import { readTestStyle } from './test-style.ts';

const plan: TestPlan = {
  proof: 'reproduction',
  target: { file: 'src/cart.js', line: 1 },
  subject: 'total',
  claim: 'gives 0 for nothing',
  imports: [{ path: 'src/cart.js', name: 'total', as: 'total' }],
  body: ['const cart = {};', 'expect(total(cart)).toBe(0);'],
  asynchronous: false,
  source: { events: [], description: '' },
  expectation: '',
  weight: 1,
};

function rendered(files: Record<string, string>, command = 'vitest run', change: Partial<TestPlan> = {}) {
  const sources = { commit: 'c', files: { 'src/cart.js': 'export const total = () => 0;\n', ...files }, leftOut: [] };
  const runner = { name: /vitest/.test(command) ? ('vitest' as const) : ('node:test' as const), command, testFiles: Object.keys(files) };
  const codebase = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [], runner });
  const test = renderTest({ ...plan, ...change }, readTestStyle(codebase, sources, 'src/cart.js'), sources);
  return { test, text: applyEdits(sources.files, test.edits)[test.file] ?? '' };
}

const sample = (imports: string, body = "test('a', () => {});") => `${imports}\n\n${body}\n`;

describe('renderTest', () => {
  it('takes over imports, quotes, semicolons and file naming of the nearest test', () => {
    const { test, text } = rendered({
      'tests/unit/cart.spec.js': sample(
        'import { expect, test, vi } from "vitest"\nimport { total } from "../../src/cart.js"',
        'test("a", () => {\n\texpect(total(1)).toBe(1)\n})',
      ),
    });
    expect(test.file).toBe('tests/unit/cart-regression.spec.js');
    expect(text).toBe(
      'import { expect, test } from "vitest"\nimport { total } from "../../src/cart.js"\n\ntest("total gives 0 for nothing", () => {\n\tconst cart = {};\n\texpect(total(cart)).toBe(0);\n})\n',
    );
  });

  it.each([
    ['src/cart.test.js', 'src/cart-regression.test.js'],
    ['src/__tests__/cart.js', 'src/__tests__/cart-regression.js'],
    ['test/test-cart.js', 'test/test-cart-regression.js'],
    ['spec/cart_spec.js', 'spec/cart-regression_spec.js'],
  ])('names the file as %s is named', (path, wanted) => {
    expect(rendered({ [path]: sample("import { expect, test } from 'vitest';\nimport { total } from '../src/cart.js';") }).test.file).toBe(
      wanted,
    );
  });

  it('imports without extension where the tests do', () => {
    expect(
      rendered({ 'test/cart.test.js': sample("import { expect, test } from 'vitest';\nimport { total } from '../src/cart';") }).text,
    ).toContain("from '../src/cart';");
  });

  it('finds a free name', () => {
    const files = {
      'test/cart.test.js': sample("import { expect, test } from 'vitest';\nimport { total } from '../src/cart.js';"),
      'test/cart-regression.test.js': sample("import { expect, test } from 'vitest';"),
    };
    expect(rendered(files).test.file).toBe('test/cart-regression-2.test.js');
  });

  it('adds to the file that the test command names', () => {
    const text = "const test = require('node:test');\nconst { total } = require('../src/cart.js');\n\ntest('a', () => {});\n";
    const result = rendered({ 'test/cart.test.js': text }, 'node --test test/cart.test.js', {
      imports: [...plan.imports, { path: 'src/b.js', name: 'b', as: 'b' }],
    });
    expect(result.test.file).toBe('test/cart.test.js');
    expect(result.text).toBe(
      "const test = require('node:test');\nconst { total } = require('../src/cart.js');\nconst assert = require('node:assert/strict');\nconst { b } = require('../src/b.js');\n\ntest('a', () => {});\n\ntest('total gives 0 for nothing', () => {\n  const cart = {};\n  expect(total(cart)).toBe(0);\n});\n",
    );
  });

  it('says "should" where the tests do, within a suite', () => {
    const { test } = rendered({
      'test/cart.test.js': sample(
        "import { describe, expect, it } from 'vitest';\nimport { total } from '../src/cart.js';",
        "describe('total', () => {\n  it('should work', () => {});\n});",
      ),
    });
    expect(test.titles).toEqual(['total > should give 0 for nothing']);
  });
});
