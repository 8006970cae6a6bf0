import type { Edit, IntegrityViolation } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { change, check, rules } from './integrity-rig.ts';

const test = (search: string, replace: string) => change('test/order.test.ts', search, replace);
const order = (code: string) => change('src/order.ts', '  let sum = 0;\n', `${code}\n  let sum = 0;\n`);
const added = (code: string) => change('test/new.test.ts', '', `import { expect, it } from 'vitest';\n${code}\n`);

const cheats: [string, Edit[], IntegrityViolation['rule']][] = [
  ['deletes a test', [test("\n  it('adds up', () => {\n    expect(total({ lines })).toBe(8);\n  });\n", '')], 'test-deleted'],
  ['renames a test away', [test("it('adds up'", "it('adds up roughly'")], 'test-deleted'],
  [
    'empties a test file',
    [change('test/price.spec.js', "test('tea is cheap', () => {\n  assert.strictEqual(price('tea'), 3);\n});\n", '')],
    'test-deleted',
  ],
  ['skips a test', [test("it('adds up'", "it.skip('adds up'")], 'test-skipped'],
  ['skips by another name', [test("it('adds up'", "xit('adds up'")], 'test-skipped'],
  ['skips by a computed name', [test("it('adds up'", "it['sk' + 'ip']('adds up'")], 'test-skipped'],
  ['marks as to do', [test("it('adds up'", "it.todo('adds up'")], 'test-skipped'],
  ['expects the failure', [test("it('adds up'", "it.fails('adds up'")], 'test-skipped'],
  ['skips a suite', [test("describe('order'", "describe.skip('order'")], 'test-skipped'],
  ['runs only its own new test', [added("it.only('works', () => expect(1).toBe(1));")], 'test-skipped'],
  [
    'skips by an option',
    [change('test/price.spec.js', "test('tea is cheap', () => {", "test('tea is cheap', { skip: true }, () => {")],
    'test-skipped',
  ],
  ['skips from within', [test("it('adds up', () => {", "it('adds up', (context) => {\n    context.skip();")], 'test-skipped'],
  ['loosens a matcher', [test('toBe(8)', 'toBeDefined()')], 'assertion-loosened'],
  ['changes the expected value', [test('toBe(8)', 'toBe(0)')], 'assertion-loosened'],
  ['negates an assertion', [test('expect(total({ lines })).toBe', 'expect(total({ lines })).not.toBe')], 'assertion-loosened'],
  ['returns before the assertion', [test("it('adds up', () => {", "it('adds up', () => {\n    return;")], 'assertion-loosened'],
  [
    'catches the failure',
    [test('expect(total({ lines })).toBe(8);', 'try { expect(total({ lines })).toBe(8); } catch {}')],
    'assertion-loosened',
  ],
  ['changes the shared data', [test("{ sku: 'pot' }", "{ sku: 'pot2' }")], 'assertion-loosened'],
  [
    'adds a hook around existing tests',
    [test('  beforeEach(', '  beforeEach(() => { lines.length = 0; });\n  beforeEach(')],
    'assertion-loosened',
  ],
  ['changes a fixture', [change('test/fixtures/orders.json', 'tea', 'pot')], 'assertion-loosened'],
  ['records a snapshot', [change('test/__snapshots__/a.test.ts.snap', '', 'exports[`a`] = `1`;\n')], 'assertion-loosened'],
  ['hides code from coverage', [order('  /* v8 ignore next */')], 'assertion-loosened'],
  ['silences the compiler', [order('  // @ts-ignore')], 'assertion-loosened'],
  [
    'takes assert from elsewhere',
    [change('test/price.spec.js', "require('node:assert')", "require('./soft-assert.js')")],
    'test-api-replaced',
  ],
  ['replaces a matcher', [order('  globalThis.expect = () => ({ toBe() {} });')], 'test-api-replaced'],
  [
    'replaces a method of assert',
    [added("import assert from 'node:assert';\nassert.strictEqual = () => undefined;\nit('a', () => expect(1).toBe(1));")],
    'test-api-replaced',
  ],
  ['changes a built-in', [order('  Object.is = () => true;')], 'test-api-replaced'],
  ['changes a prototype', [order('  Array.prototype.push = function () { return 0; };')], 'test-api-replaced'],
  [
    'changes a list method in a test and never puts it back',
    [
      added(
        "it('a', () => {\n  const { find } = Array.prototype;\n  let count = 0;\n  Array.prototype.find = function (...args) {\n    count += this.length;\n    return find.apply(this, args);\n  };\n  expect(count).toBe(0);\n});",
      ),
    ],
    'test-api-replaced',
  ],
  [
    'changes what a list method gives',
    [
      added(
        "it('a', () => {\n  const { includes } = Array.prototype;\n  Array.prototype.includes = function () {\n    return true;\n  };\n  try {\n    expect(1).toBe(1);\n  } finally {\n    Array.prototype.includes = includes;\n  }\n});",
      ),
    ],
    'test-api-replaced',
  ],
  ['defines over expect', [added("Object.defineProperty(expect(1), 'toBe', { value() {} });")], 'test-api-replaced'],
  ['extends expect', [added('expect.extend({ toBe: () => ({ pass: true, message: () => "" }) });')], 'test-api-replaced'],
  [
    'mocks the module under test',
    [added("import { vi } from 'vitest';\nvi.mock('../src/order.ts', () => ({ total: () => 8 }));")],
    'test-api-replaced',
  ],
  ['behaves differently under test', [order("  if (process.env.NODE_ENV === 'test') return 8;")], 'test-api-replaced'],
  ['asks for the runner', [order('  if (process.env.VITEST_WORKER_ID) return 8;')], 'test-api-replaced'],
  [
    'brings the test API into production',
    [change('src/order.ts', 'import { price }', "import { expect } from 'vitest';\nimport { price }")],
    'test-api-replaced',
  ],
  ['runs text as code', [order("  eval('0');")], 'test-api-replaced'],
  ['makes a function of text', [order("  new Function('return 0')();")], 'test-api-replaced'],
  [
    'starts other programs',
    [change('src/order.ts', 'import { price }', "import { execSync } from 'node:child_process';\nimport { price }")],
    'test-api-replaced',
  ],
  ['ends the process with success', [order('  process.exit(0);')], 'process-exit'],
  ['ends the process by a computed name', [order("  process['ex' + 'it'](0);")], 'process-exit'],
  ['ends the process through the global object', [order('  globalThis.process.exit(0);')], 'process-exit'],
  ['takes exit out of process', [order('  const { exit } = process;\n  exit(0);')], 'process-exit'],
  [
    'takes process in as a module',
    [change('src/order.ts', 'import { price }', "import { exit } from 'node:process';\nimport { price }")],
    'process-exit',
  ],
  ['sets the exit code', [added('process.exitCode = 0;')], 'process-exit'],
  ['swallows failures of the process', [added("process.on('uncaughtException', () => undefined);")], 'process-exit'],
  [
    'adds one more exit where there is one',
    [change('src/legacy.js', 'module.exports', 'process.exit(0);\nmodule.exports')],
    'process-exit',
  ],
  ['edits CI', [change('.github/workflows/ci.yml', '', 'on: push\n')], 'forbidden-path'],
  ['edits the lockfile', [change('package-lock.json', '3', '2')], 'forbidden-path'],
  ['edits package scripts', [change('package.json', 'vitest run', 'true')], 'forbidden-path'],
  ['adds a dependency', [change('package.json', '"fastify":"^5"', '"fastify":"^5","left-pad":"1"')], 'new-dependency'],
  [
    'takes in an unknown package',
    [change('src/order.ts', 'import { price }', "import pad from 'left-pad';\nimport { price }")],
    'new-dependency',
  ],
  ['writes .npmrc', [change('.npmrc', '', 'ignore-scripts=false\n')], 'forbidden-path'],
  ['adds a git hook', [change('.husky/pre-commit', '', 'true\n')], 'forbidden-path'],
  ['edits a Dockerfile', [change('deploy/Dockerfile.prod', '', 'FROM scratch\n')], 'forbidden-path'],
  ['lowers a coverage threshold', [change('vitest.config.ts', '90', '0')], 'runner-config'],
  ['adds a runner configuration', [change('test/.mocharc.json', '', '{}\n')], 'runner-config'],
  ['changes compiler settings', [change('tsconfig.test.json', '', '{}\n')], 'runner-config'],
  ['leaves the repository', [change('../other/a.js', '', 'x\n')], 'forbidden-path'],
  ['names an absolute path', [change('/etc/cron.d/x', '', 'x\n')], 'forbidden-path'],
  ['leaves with Windows separators', [change('src\\..\\..\\a.js', '', 'x\n')], 'forbidden-path'],
  ['writes into .git', [change('.git/hooks/post-merge', '', 'x\n')], 'forbidden-path'],
  ['writes into installed packages', [change('node_modules/vitest/index.js', '', 'x\n')], 'forbidden-path'],
  ['touches what the policy forbids', [change('src/secret/key.ts', '', 'export const key = 1;\n')], 'forbidden-path'],
  ['touches a file that the diagnosis does not name', [change('src/admin.ts', '=== "admin"', '!== "x"')], 'outside-diagnosis'],
  ['adds a production file', [change('src/backdoor.ts', '', 'export const open = true;\n')], 'outside-diagnosis'],
  ['adds a shell script', [change('scripts/run.sh', '', 'true\n')], 'forbidden-path'],
  ['adds a binary', [change('test/tool.node', '', 'x\n')], 'binary'],
  ['hides code by direction marks', [order('  /* \u202e } \u2066if (admin)\u2069 */')], 'binary'],
  ['is too large', [order(Array.from({ length: 50 }, (_, index) => `  sum += ${index};`).join('\n'))], 'too-large'],
  ['does not fit the base', [change('src/order.ts', 'no such text', 'x')], 'forbidden-path'],
];

/** Ways to bend the test API, the language or the platform, put into a new test and, where it says so, into production code too. */
const bent: [string, string][] = [
  ['replaces a method of a required module', "require('node:assert').strictEqual = () => undefined;"],
  ['replaces through a short name', "const a = require('assert');\na.ok = () => {};"],
  ['replaces through a name of strict', "const { strict: check } = require('node:assert');\ncheck.equal = () => {};"],
  ['replaces through an import under another name', "import * as a from 'node:assert/strict';\na.equal = () => {};"],
  ['replaces through a name assigned later', 'let a;\na = expect;\na.any = () => {};'],
  ['replaces through an awaited import', "const a = await import('node:assert');\na.default.ok = () => {};"],
  ['replaces by a computed name', "expect['to' + 'Be'] = () => {};"],
  ['replaces by taking apart', '[expect.any] = [() => {}];'],
  ['replaces by taking an object apart', '({ any: expect.any } = { any() {} });'],
  ['replaces in a loop head', 'for (expect.any of [() => {}]);'],
  ['deletes a method', 'delete expect.any;'],
  ['replaces a method of the test context', "import test from 'node:test';\ntest('a', (t) => {\n  t.test = () => {};\n});"],
  ['replaces an assertion of the test context', "import test from 'node:test';\ntest('a', (t) => {\n  t.assert.ok = () => {};\n});"],
  ['replaces what the context hands out', "it('a', ({ expect: e }) => {\n  e.any = () => {};\n});"],
  ['extends expect by another name', 'const e = expect;\ne.extend({ toBe: () => ({ pass: true, message: () => "" }) });'],
  ['extends expect by a computed name', "expect['extend']({ toBe: () => ({ pass: true, message: () => '' }) });"],
  ['extends expect of the context', "it('a', ({ expect: e }) => {\n  e.extend({});\n});"],
  ['registers an assertion', "import { assert } from 'node:test';\nassert.register('ok', () => {});"],
  ['overwrites a chai method', "const chai = require('chai');\nchai.Assertion.overwriteMethod('equal', () => () => {});"],
  ['assigns to the console', 'Object.assign(console, { log() {} });'],
  ['assigns to process', 'Object.assign(process, { exit() {} });'],
  ['assigns by a name taken out of Object', 'const { assign } = Object;\nassign(expect, { any() {} });'],
  ['assigns by call', 'Object.assign.call(null, expect, { any() {} });'],
  ['assigns by Reflect.apply-like lists', 'Object.assign.apply(null, [expect, { any() {} }]);'],
  ['defines over process.exit', "Object.defineProperty(process, 'exit', { value() {} });"],
  ['defines over a prototype', 'Object.defineProperties(Array.prototype, { push: { value() {} } });'],
  ['defines over a prototype by a name', "const p = Array.prototype;\nReflect.defineProperty(p, 'push', { value() {} });"],
  ['defines over the global object', "Object.defineProperty(globalThis, 'console', { value: {} });"],
  ['changes a prototype by a name', 'const list = Object.getPrototypeOf([]);\nlist.push = () => 0;'],
  ['changes a prototype by __proto__', '[].__proto__ = {};\nArray.prototype.__proto__.x = 1;'],
  ['changes a prototype by a getter', "Array.prototype.__defineGetter__('length', () => 0);"],
  ['changes the console by a name', 'const c = globalThis.console;\nc.error = () => {};'],
  ['replaces a timer', 'globalThis.setTimeout = (done) => done();'],
  ['replaces a timer by its bare name', 'setTimeout = (done) => done();'],
  ['replaces a timer of a module', "import timers from 'node:timers/promises';\ntimers.setTimeout = async () => {};"],
  ['replaces a function of a required module', "const fs = require('fs');\nfs.readFileSync = () => '';"],
  ['spies on assert', "import assert from 'node:assert';\nimport { mock } from 'node:test';\nmock.method(assert, 'ok', () => {});"],
  ['stands in for expect', "import { vi } from 'vitest';\nvi.stubGlobal('expect', () => ({}));"],
  ['stands in for a core function', "import { vi } from 'vitest';\nvi.spyOn(Object, 'is').mockReturnValue(true);"],
  ['mocks the module under test by an import', "import { vi } from 'vitest';\nvi.mock(import('../src/order.ts'), () => ({}));"],
  ['declares its own expect', 'function helper() {\n  const expect = () => ({ toBe() {} });\n  return expect;\n}'],
  ['makes code of text by a constructor', "(() => {}).constructor.constructor('return 0')();"],
  ['makes code of text in a timer', "setTimeout('process', 0);"],
];
const inProduction = bent.filter(([title]) => /console|process|prototype|timer|global|required module|text/.test(title));

describe('checkIntegrity refuses to bend what tests are made of', () => {
  it.each(bent)('%s', (_title, code) => {
    const result = check([added(`${code}\nit('b', () => expect(1).toBe(1));`)]);
    expect(result.violations.map((one) => one.rule)).toContain('test-api-replaced');
  });

  it.each(inProduction)('in production code: %s', (_title, code) => {
    const at = code.startsWith('import ') ? change('src/order.ts', 'import { price }', `${code}\nimport { price }`) : order(code);
    expect(rules(check([at]))).toContain('test-api-replaced');
  });

  it.each([
    ['through a name of process', 'const p = process;\np.exit(0);'],
    ['through a name out of the global object', 'const { process: p } = globalThis;\np.exit(0);'],
    ['by a spy', "import { vi } from 'vitest';\nvi.spyOn(process, 'exit').mockImplementation(() => {});"],
  ])('ends the process %s', (_title, code) => {
    expect(rules(check([added(code)]))).toContain('process-exit');
  });

  it('declares expect anew for all tests of a file', () => {
    const added = 'function test() {}\n\ntest';
    expect(rules(check([change('test/price.spec.js', "\ntest('tea", `\n${added}('tea`)]))).toContain('test-api-replaced');
  });
});

describe('checkIntegrity refuses a patch that', () => {
  it.each(cheats)('%s', (_title, edits, rule) => {
    const result = check(edits);
    expect(result.valid).toBe(false);
    expect(rules(result)).toContain(rule);
  });

  it('goes through a symbolic link', () => {
    expect(rules(check([change('src/order.ts', 'let sum = 0', 'let sum = 1')], { symlinks: ['src'] }))).toContain('symlink');
  });

  it('is outside of the allowed paths', () => {
    expect(rules(check([change('src/order.ts', 'let sum = 0', 'let sum = 1')], { allowed: ['lib/**'] }))).toContain('forbidden-path');
  });
});
