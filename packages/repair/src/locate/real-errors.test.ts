import { runInThisContext } from 'node:vm';
import type { StackFrame } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { analyzeError } from './analyze-error.ts';
import { errorAnomaly, lineWith, sampleCode } from './samples-for-tests.ts';

/** What a module exports, and what its functions give: callable, with members. */
interface Loaded {
  (...args: unknown[]): Loaded;
  [name: string]: Loaded;
}

/** Loads CommonJS sources under their own file names, so that V8 itself writes messages and stacks. */
function load(files: Record<string, string>, entry: string): Loaded {
  const loaded = new Map<string, { exports: Loaded }>();
  const require = (path: string): Loaded => {
    const name = path.replace(/^\.\//, '');
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: Object.create(null) };
    loaded.set(name, module);
    const wrapper = runInThisContext(`(function (exports, require, module) {${files[name]}\n})`, { filename: `/app/${name}` });
    wrapper(module.exports, require, module);
    return module.exports;
  };
  return require(`./${entry}`);
}

async function errorOf(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the sample did not fail');
}

function framesOf(error: Error): StackFrame[] {
  return (error.stack ?? '').split('\n').flatMap((line) => {
    const match = /^\s+at (?:(.+?) \()?(?:file:\/\/)?(.+?):(\d+):(\d+)\)?$/.exec(line);
    if (match?.[2] === undefined) return [];
    const inApp = match[2].startsWith('/app/');
    const frame = { file: match[2].replace('/app/', ''), line: Number(match[3]), column: Number(match[4]), inApp };
    return [match[1] === undefined ? frame : { ...frame, function: match[1] }];
  });
}

async function diagnose(files: Record<string, string>, run: (entry: Loaded) => unknown) {
  const error = await errorOf(() => run(load(files, 'main.js')));
  const { codebase, sources } = sampleCode(files);
  const issue = analyzeError(errorAnomaly({ type: error.name, message: error.message, frames: framesOf(error) }), codebase, sources);
  if (issue === undefined) throw new Error('no analysis');
  return issue;
}

const ORDERS = `const { findUser } = require('./users.js');
class OrderService {
  constructor(store) {
    this.store = store;
  }
  label(id) {
    const order = this.store.get(id);
    const { street, city } = order.address;
    return street + city + order.lines.map((line) => line.product.name).join();
  }
  async owner(id) {
    const user = findUser(id);
    return user.name.toUpperCase();
  }
  total(orders) {
    let sum = 0;
    for (let i = 0; i <= orders.length; i += 1) {
      sum += orders[i].total;
    }
    return sum;
  }
  static parse(text) {
    const data = JSON.parse(text);
    return data;
  }
  report(order, options) {
    const day = new Date(order.placedAt);
    const when = day.toISOString();
    return options.format(when).trimm();
  }
  tags(order) {
    return [...order.tags, ...Object.keys(order.extra)];
  }
  first(orders) {
    return orders.reduce((a, b) => (a.total > b.total ? a : b));
  }
  undefinedName(order) {
    return ordr.total;
  }
  cents(order) {
    return order.cents * 100;
  }
}
module.exports = { OrderService, make: (store) => new OrderService(store) };
`;
const USERS = `const users = new Map([['1', { name: 'Ada' }]]);
exports.findUser = async function findUser(id) {
  return users.get(id);
};
`;
const FILES = { 'main.js': ORDERS, 'users.js': USERS };
const order = { address: { street: 'a', city: 'b' }, lines: [{ product: { name: 'x' } }], placedAt: '2026-01-01', tags: [], extra: {} };
const storeOf = (value: unknown) => ({ get: () => value });

function made(service: Loaded | undefined): Loaded {
  if (service === undefined) throw new Error('the sample exports no maker');
  return service;
}

test.each<[string, (service: Loaded) => unknown, { category: string; line: number; expression?: string; data?: Record<string, unknown> }]>([
  [
    'a missing order',
    (s) => s.label?.('1'),
    {
      category: 'null-access',
      line: lineWith(ORDERS, 'order.address;'),
      expression: 'order.address',
      data: { receiver: 'order', origin: 'map-get' },
    },
  ],
  [
    'a missing product',
    (s) => s.label?.('line'),
    {
      category: 'null-access',
      line: lineWith(ORDERS, 'line.product.name'),
      expression: 'line.product.name',
      data: { receiver: 'line.product', origin: 'field', field: 'product' },
    },
  ],
  [
    'a missing await',
    (s) => s.owner?.('1'),
    { category: 'missing-await', line: lineWith(ORDERS, 'findUser(id);'), data: { call: 'findUser(id)' } },
  ],
  [
    'an index past the end',
    (s) => s.total?.([{ total: 1 }]),
    { category: 'wrong-operator', line: lineWith(ORDERS, 'i <= orders.length'), expression: 'i <= orders.length' },
  ],
  [
    'an invalid date',
    (s) => s.report?.({ placedAt: 'soon' }, {}),
    { category: 'invalid-date', line: lineWith(ORDERS, 'toISOString'), data: { input: 'order.placedAt' } },
  ],
  [
    'options left out',
    (s) => s.report?.(order),
    { category: 'null-access', line: lineWith(ORDERS, 'trimm'), data: { receiver: 'options', origin: 'parameter', accessKind: 'call' } },
  ],
  [
    'a misspelt method',
    (s) => s.report?.(order, { format: String }),
    { category: 'wrong-identifier', line: lineWith(ORDERS, 'trimm'), data: { name: 'trimm' } },
  ],
  [
    'a list left out',
    (s) => s.tags?.({ extra: {} }),
    { category: 'null-access', line: lineWith(ORDERS, 'order.tags'), data: { receiver: 'order.tags', accessKind: 'iterate' } },
  ],
  [
    'an object left out',
    (s) => s.tags?.({ tags: [] }),
    { category: 'null-access', line: lineWith(ORDERS, 'order.extra'), data: { receiver: 'order.extra', accessKind: 'object-keys' } },
  ],
  ['an empty list', (s) => s.first?.([]), { category: 'out-of-bounds', line: lineWith(ORDERS, '.reduce('), data: { array: 'orders' } }],
  [
    'a misspelt name',
    (s) => s.undefinedName?.(order),
    { category: 'wrong-identifier', line: lineWith(ORDERS, 'ordr.total'), data: { name: 'ordr', near: ['order'] } },
  ],
  [
    'BigInt and number',
    (s) => s.cents?.({ cents: 2n }),
    { category: 'unknown', line: lineWith(ORDERS, 'order.cents'), expression: 'order.cents * 100', data: { kind: 'bigint-mix' } },
  ],
])('V8 reports %s where it is found', async (name, run, expected) => {
  const value = name === 'a missing order' ? undefined : { ...order, lines: [{}] };
  const issue = await diagnose(FILES, (entry) => run(made(entry.make?.(storeOf(value)))));
  expect([issue.rootCause.category, issue.rootCause.location.line, issue.rootCause.location.file]).toEqual([
    expected.category,
    expected.line,
    'main.js',
  ]);
  if (expected.expression !== undefined) expect(issue.rootCause.expression).toBe(expected.expression);
  expect(issue.data).toMatchObject(expected.data ?? {});
  expect(issue.rootCause.confidence).toBeGreaterThan(0.6);
  expect(issue.rootCause.location.function).toMatch(/^OrderService\./);
});

test('V8 reports JSON that does not parse where it is parsed', async () => {
  const files = { 'main.js': ORDERS, 'users.js': USERS };
  const issue = await diagnose(files, (entry) => entry.OrderService?.parse?.('{"a":'));
  expect(issue.rootCause).toMatchObject({ category: 'unguarded-parse', location: { file: 'main.js', function: 'OrderService.parse' } });
});
