/** The words of each test runner, spoken to our suite. What a runner brings beyond declaring tests (expect, mocks) is its own code. */
import assert from 'node:assert';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useContext } from './suite.mjs';

/** Modules by specifier that stand in for the runner's; `globals`: the runner puts its words into the global scope. */
export async function frameworkModules(framework, globals, root, suite) {
  const make = { 'node:test': nodeTest, vitest, jest, mocha }[framework];
  const { modules, words } = make === undefined ? { modules: {}, words: {} } : await make(suite, root);
  if (globals) Object.assign(globalThis, words);
  return modules;
}

function declaring(suite, callbackFirst) {
  const withOptions = (add) => (name, second, third) => {
    const body = typeof second === 'function' ? second : typeof third === 'function' ? third : undefined;
    const options = typeof second === 'object' && second !== null ? second : {};
    const title = typeof name === 'function' ? name.name || '<anonymous>' : name;
    const given = typeof name === 'function' ? name : body;
    return add(title, given, options.skip || options.todo ? 'skip' : options.only ? 'only' : undefined);
  };
  const flavoured = (add) => {
    const plain = withOptions(add);
    const skip = withOptions((name, body) => add(name, body, 'skip'));
    const only = withOptions((name, body) => add(name, body, 'only'));
    const each =
      (rows, ...values) =>
      (name, body) => {
        const table = Array.isArray(rows) && rows.raw === undefined ? rows : tableRows(rows, values);
        table.forEach((row, index) => {
          const args = Array.isArray(row) ? row : [row];
          add(`${title(name, args)} [${index}]`, () => body(...args));
        });
      };
    const variants = { skip, only, todo: skip, each, concurrent: plain, sequential: plain, failing: skip, fails: skip, for: each };
    return Object.assign(plain, variants, {
      skipIf: (condition) => (condition ? skip : plain),
      runIf: (condition) => (condition ? plain : skip),
    });
  };
  const add = (name, body, mode) => {
    if (body !== undefined && callbackFirst) body.callbackFirst = true;
    suite.add(name, body, mode);
  };
  const test = flavoured(add);
  const describe = flavoured((name, body, mode) => suite.group(name, body, mode));
  const hook = (kind) => (body) => {
    if (callbackFirst) body.callbackFirst = true;
    suite.hook(kind, body);
  };
  return { test, describe, hook };
}

async function nodeTest(suite) {
  const { test, describe, hook } = declaring(suite, false);
  const real = await import('node:test');
  const names = { before: hook('before'), after: hook('after'), beforeEach: hook('beforeEach'), afterEach: hook('afterEach') };
  const words = { it: test, describe, suite: describe, skip: test.skip, only: test.only, todo: test.todo, mock: real.mock, ...names };
  const main = Object.assign((...args) => test(...args), test, words, { test: undefined });
  main.test = main;
  useContext((name) => {
    const context = { name, assert, mock: real.mock, signal: new AbortController().signal };
    const nothing = () => undefined;
    Object.assign(context, { diagnostic: nothing, plan: nothing, skip: nothing, todo: nothing, before: nothing, beforeEach: nothing });
    context.after = nothing;
    context.test = async (_title, ...rest) => rest.find((one) => typeof one === 'function')?.(context);
    return context;
  });
  return { modules: { 'node:test': { ...words, test: main, default: main }, test: { ...words, test: main, default: main } }, words: {} };
}

/** vitest's own expect and vi, which ask for the state of a vitest worker. */
async function vitest(suite, root) {
  const { test, describe, hook } = declaring(suite, false);
  globalThis.__vitest_worker__ = vitestState();
  const real = await import(import.meta.resolve('vitest', pathToFileURL(join(root, 'package.json')).href));
  const { expect, vi, assert: chaiAssert, expectTypeOf, assertType } = real;
  const hooks = { beforeAll: hook('before'), afterAll: hook('after'), beforeEach: hook('beforeEach'), afterEach: hook('afterEach') };
  useContext(() => ({ expect, onTestFinished: () => undefined, onTestFailed: () => undefined, signal: new AbortController().signal }));
  const words = {
    test,
    it: test,
    describe,
    suite: describe,
    expect,
    vi,
    vitest: vi,
    assert: chaiAssert,
    expectTypeOf,
    assertType,
    ...hooks,
  };
  return { modules: { vitest: words }, words };
}

function vitestState() {
  const none = () => undefined;
  const evaluatedModules = { idToModuleMap: new Map(), fileToModulesMap: new Map(), urlToIdModuleMap: new Map() };
  return {
    config: { expect: {}, fakeTimers: {} },
    ctx: {},
    durations: {},
    environment: { name: 'node' },
    evaluatedModules,
    filepath: '',
    metaEnv: process.env,
    moduleExecutionInfo: new Map(),
    onCleanup: none,
    resolvingModules: new Set(),
    rpc: {},
  };
}

async function jest(suite, root) {
  const { test, describe, hook } = declaring(suite, true);
  const load = await loader(root, 'jest');
  const found = await load('expect');
  const expect = found.expect ?? found.default?.expect ?? found.default;
  const mocking = await load('jest-mock');
  const { fn, spyOn, mocked } = mocking.fn ? mocking : mocking.default;
  const jestObject = { fn, spyOn, mocked, setTimeout: () => jestObject };
  const hooks = { beforeAll: hook('before'), afterAll: hook('after'), beforeEach: hook('beforeEach'), afterEach: hook('afterEach') };
  const words = {
    test,
    it: test,
    xit: test.skip,
    xtest: test.skip,
    fit: test.only,
    describe,
    xdescribe: describe.skip,
    fdescribe: describe.only,
  };
  Object.assign(words, { expect, jest: jestObject, ...hooks });
  return { modules: { '@jest/globals': words }, words };
}

async function mocha(suite) {
  const { test, describe, hook } = declaring(suite, true);
  const hooks = { before: hook('before'), after: hook('after'), beforeEach: hook('beforeEach'), afterEach: hook('afterEach') };
  const words = {
    it: test,
    specify: test,
    xit: test.skip,
    test,
    describe,
    context: describe,
    xdescribe: describe.skip,
    suite: describe,
    ...hooks,
  };
  Object.assign(words, { setup: hooks.beforeEach, teardown: hooks.afterEach, suiteSetup: hooks.before, suiteTeardown: hooks.after });
  return { modules: { mocha: { ...words, default: words } }, words };
}

/** Loads a part of the runner from where the runner itself would find it. */
async function loader(root, runner) {
  const own = createRequire(join(root, 'package.json'));
  const place = (() => {
    try {
      return own.resolve(`${runner}/package.json`);
    } catch {
      return join(root, 'package.json');
    }
  })();
  return async (name) => {
    let from = place;
    // jest's parts are its parts' parts.
    for (const via of ['@jest/core', 'jest-runtime']) {
      try {
        from = createRequire(from).resolve(`${via}/package.json`);
      } catch {
        break;
      }
    }
    return import(import.meta.resolve(name, pathToFileURL(from).href));
  };
}

function title(name, args) {
  let next = 0;
  return String(name).replace(/%[sdifjop#]/g, () => String(args[next++]));
}

/** Rows of a tagged template: `a | b` above the values. */
function tableRows(strings, values) {
  const heads = strings[0]
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const rows = [];
  for (let at = 0; at < values.length; at += heads.length)
    rows.push(Object.fromEntries(heads.map((head, index) => [head, values[at + index]])));
  return rows;
}
