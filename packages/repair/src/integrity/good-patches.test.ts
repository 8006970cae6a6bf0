import type { Edit } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { change, check } from './integrity-rig.ts';

const order = (search: string, replace: string) => change('src/order.ts', search, replace);
const inTotal = (code: string) => order('  let sum = 0;\n', `${code}\n  let sum = 0;\n`);
const greeting = '  return order.customer!.name;\n';
const added = (code: string) =>
  change(
    'test/order-regression.test.ts',
    '',
    `import { expect, it } from 'vitest';\nimport { total } from '../src/order.ts';\n\n${code}\n`,
  );
const appended = (code: string) => change('test/order.test.ts', "toBe('Ada');\n  });\n", `toBe('Ada');\n  });\n${code}`);

const good: [string, Edit[]][] = [
  ['an early return', [order(greeting, `  if (!order.customer) return null;\n${greeting}`)]],
  ['optional chaining', [order('order.customer!.name', 'order.customer?.name ?? null')]],
  ['a default', [order('of order.lines', 'of order.lines ?? []')]],
  ['a thrown domain error', [inTotal("  if (!order.lines) throw new TypeError('an order needs lines');")]],
  ['another operator', [order('sum +=', 'sum -=')]],
  ['a try around a call', [order(greeting, '  try {\n    return order.customer!.name;\n  } catch {\n    return null;\n  }\n')]],
  ['an await', [order('sum += price(line.sku)', 'sum += await price(line.sku)')]],
  ['a lookup by a map', [inTotal('  const prices = new Map(order.lines.map((line) => [line.sku, price(line.sku)]));')]],
  ['a built-in module', [order('import { price }', "import { setTimeout as delay } from 'node:timers/promises';\nimport { price }")]],
  ['a declared dependency', [order('import { price }', "import type { FastifyInstance } from 'fastify';\nimport { price }")]],
  ['a module of the repository', [order('import { price }', "import { isAdmin } from './admin.ts';\nimport { price }")]],
  ['a type change', [order('customer?: { name: string } }): number', 'customer?: { name: string; id?: number } }): number')]],
  ['a doc comment', [order('/** The total of an order. */', '/** The total of an order; 0 for one without lines. */')]],
  ['a plain comment', [inTotal('  // lines may be missing in older orders')]],
  ['a removed line', [order('  let sum = 0;\n', '  let sum = 0; // cents\n')]],
  ['a switch', [inTotal('  switch (order.lines.length) {\n    case 0:\n      return 0;\n    default:\n      break;\n  }')]],
  ['reading an ordinary setting', [inTotal("  if (process.env['SHOP_FREE'] === '1') return 0;")]],
  ['using process for time', [inTotal('  const start = process.hrtime.bigint();')]],
  ['a property of its own called test', [inTotal('  const state = { test: 1 };\n  state.test = 2;')]],
  ['a local variable called skip', [inTotal('  const skip = order.lines.length === 0;\n  if (skip) return 0;')]],
  ['a merge into an own object', [inTotal('  const merged = Object.assign({}, order);')]],
  ['a change of what a built-in function gives', [inTotal('  const copy = JSON.parse(JSON.stringify(order));\n  copy.lines = [];')]],
  ['a merge into a new object without prototype', [inTotal('  const merged = Object.assign(Object.create(null), order);')]],
  ['an own object by the name of a context', [inTotal('  const t = { count: 0 };\n  t.count += 1;')]],
  [
    'a setting of a class of the platform',
    [order('import { price }', "import { EventEmitter } from 'node:events';\nEventEmitter.defaultMaxListeners = 20;\nimport { price }")],
  ],
  [
    'a value on the context of a test',
    [
      added(
        "beforeEach((context) => {\n  context.lines = [];\n});\nit('is zero', ({ lines }) => {\n  expect(total({ lines })).toBe(0);\n});",
      ),
    ],
  ],
  [
    'a spy on the console, and false timers of the runner',
    [
      added(
        "import { vi } from 'vitest';\nit('is quiet', () => {\n  const spy = vi.spyOn(console, 'log').mockImplementation(() => {});\n  vi.useFakeTimers();\n  total({ lines: [] });\n  vi.useRealTimers();\n  expect(spy).not.toHaveBeenCalled();\n});",
      ),
    ],
  ],
  [
    'a spy that watches a core function do its work',
    [
      added(
        "import { mock } from 'node:test';\nit('counts', () => {\n  const spy = mock.method(Object, 'keys');\n  total({ lines: [] });\n  expect(spy.mock.callCount()).toBe(0);\n});",
      ),
    ],
  ],
  [
    'names of the test API under other names',
    [
      change(
        'test/total.spec.js',
        '',
        "const { test: it } = require('node:test');\nconst { strict: assert } = require('node:assert');\nit('is one', () => assert.equal(1, 1));\n",
      ),
    ],
  ],
  [
    'an exit kept where it was',
    [change('src/legacy.js', "require('./price.js');\n", "require('./price.js');\n// runs once in the nightly job\n")],
  ],
  ['a new test file', [added("it('is zero for no lines', () => {\n  expect(total({ lines: [] })).toBe(0);\n});")]],
  [
    'a new suite',
    [added("describe('total', () => {\n  beforeEach(() => undefined);\n  it('is zero', () => expect(total({ lines: [] })).toBe(0));\n});")],
  ],
  ['a test added to a suite', [appended("\n  it('greets nobody', () => {\n    expect(greeting({})).toBeNull();\n  });\n")]],
  [
    'a test added at the end',
    [
      change(
        'test/price.spec.js',
        "('tea'), 3);\n});\n",
        "('tea'), 3);\n});\n\ntest('pots cost five', () => {\n  assert.strictEqual(price('pot'), 5);\n});\n",
      ),
    ],
  ],
  [
    'an import added to a test file',
    [change('test/order.test.ts', 'import { greeting, total }', 'import { greeting, total, type Order }')],
  ],
  [
    'an import widened',
    [change('test/order.test.ts', "'../src/order.ts';\n", "'../src/order.ts';\nimport { price } from '../src/price.ts';\n")],
  ],
  [
    'a constant added to a test file',
    [change('test/order.test.ts', "describe('order'", "const none: { sku: string }[] = [];\n\ndescribe('order'")],
  ],
  [
    'a table of tests',
    [
      added(
        "it.each([[1, 3], [2, 6]])('%s teas cost %s', (count, cents) => {\n  expect(total({ lines: Array(count).fill({ sku: 'tea' }) })).toBe(cents);\n});",
      ),
    ],
  ],
  ['a concurrent test', [added("it.concurrent('is zero', async () => expect(total({ lines: [] })).toBe(0));")]],
  [
    'a comment added to an existing test',
    [change('test/order.test.ts', "  it('adds up', () => {", "  // by hand: 3 + 5\n  it('adds up', () => {")],
  ],
  ['a new fixture', [change('test/fixtures/empty-order.json', '', '{ "lines": [] }\n')]],
  ['a changelog entry', [change('CHANGELOG.md', '- Tea\n', '- Tea\n- Orders without lines cost nothing\n')]],
  ['a note', [change('docs/incidents/inc-1.md', '', '# Orders without lines\n')]],
  ['a readme change', [change('README.md', '# Shop\n', '# Shop\n\nOrders may be empty.\n')]],
  [
    'a stub in a new test',
    [
      added(
        "it('waits', async () => {\n  const inventory = { stockOf: async () => ({ available: 1 }) };\n  expect(await inventory.stockOf()).toEqual({ available: 1 });\n});",
      ),
    ],
  ],
  [
    'a test that runs the code in a process of its own',
    [
      change(
        'test/run.test.ts',
        '',
        "import { execFile } from 'node:child_process';\nimport { it } from 'vitest';\nit('runs', () => void execFile);\n",
      ),
    ],
  ],
  [
    'a test that counts what a list method runs over',
    [
      added(
        "it('counts', () => {\n  const { find } = Array.prototype;\n  let count = 0;\n  Array.prototype.find = function (...args) {\n    count += this.length;\n    return find.apply(this, args);\n  };\n  try {\n    total({ lines: [] });\n  } finally {\n    Array.prototype.find = find;\n  }\n  expect(count).toBe(0);\n});",
      ),
    ],
  ],
  [
    'fix, test and changelog together',
    [
      order(greeting, `  if (!order.customer) return null;\n${greeting}`),
      added("it('is zero', () => expect(total({ lines: [] })).toBe(0));"),
      change('CHANGELOG.md', '- Tea\n', '- Tea\n- Greets nobody\n'),
    ],
  ],
];

describe('checkIntegrity allows', () => {
  it.each(good)('%s', (_title, edits) => {
    expect(check(edits)).toEqual({ valid: true, violations: [] });
  });
});
