import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A repository that patches are made for. */
export interface PatchedRepository {
  readonly name: string;
  readonly runner: 'vitest' | 'jest' | 'mocha' | 'node:test';
  readonly files: Readonly<Record<string, string>>;
  /** Files of production code, each of which the diagnosis may name. */
  readonly production: readonly string[];
  readonly tests: readonly string[];
  readonly runnerConfig: string;
}

const PACKAGES = ['statistics', 'anomaly', 'forge', 'sequences'];
const ROOT = join(import.meta.dirname, '../../..');

/** Small services in the manner of four runners, and packages of this very workspace: code that people wrote for other ends. */
export function patchedRepositories(packages: readonly string[] = PACKAGES): PatchedRepository[] {
  return [LEDGER, PARCELS, CATALOGUE, CALENDAR, ...packages.map(workspacePackage)];
}

function workspacePackage(name: string): PatchedRepository {
  const files: Record<string, string> = {};
  const folder = join(ROOT, 'packages', name);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.(ts|json)$/.test(entry.name) && !path.includes('node_modules') && !path.includes('/dist/'))
      files[path.slice(folder.length + 1)] = readFileSync(path, 'utf8');
  }
  files['vitest.config.ts'] = 'export default { test: { include: ["src/**/*.test.ts"] } };\n';
  const code = Object.keys(files).filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
  const tests = code.filter((path) => path.endsWith('.test.ts')).sort();
  const production = code.filter((path) => !tests.includes(path) && !/\/testing\/|\/(index|test-.*|.*-rig)\.ts$/.test(path)).sort();
  return { name: `packages/${name}`, runner: 'vitest', files, production, tests, runnerConfig: 'vitest.config.ts' };
}

const LEDGER: PatchedRepository = {
  name: 'ledger (vitest, TypeScript)',
  runner: 'vitest',
  files: {
    'package.json': JSON.stringify({
      name: 'ledger',
      type: 'module',
      scripts: { test: 'vitest run', lint: 'eslint .' },
      dependencies: { zod: '^4' },
      devDependencies: { vitest: '^5', typescript: '^5' },
    }),
    'package-lock.json': '{ "name": "ledger", "lockfileVersion": 3 }\n',
    'tsconfig.json': '{ "compilerOptions": { "strict": true } }\n',
    'vitest.config.ts': 'export default { test: { coverage: { thresholds: { lines: 90, branches: 85 } } } };\n',
    'eslint.config.js': 'export default [{ rules: { eqeqeq: "error" } }];\n',
    '.github/workflows/ci.yml': 'on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n',
    'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n- Entries have a currency\n',
    'README.md': '# Ledger\n\nCounts money.\n',
    'src/entry.ts': `import { z } from 'zod';

const entrySchema = z.object({ account: z.string(), amount: z.number(), currency: z.string() });
export type Entry = z.infer<typeof entrySchema>;

/** Reads an entry of a journal line: \`account;amount;currency\`. */
export function readEntry(line: string): Entry | undefined {
  const [account, amount, currency] = line.split(';');
  const parsed = entrySchema.safeParse({ account, amount: Number(amount), currency: currency.toUpperCase() });
  return parsed.success ? parsed.data : undefined;
}

export async function readJournal(lines: AsyncIterable<string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const line of lines) {
    const entry = readEntry(line);
    if (entry !== undefined && entry.amount !== 0) entries.push(entry);
  }
  return entries;
}
`,
    'src/balance.ts': `import type { Entry } from './entry.ts';

/** Balance of an account, in minor units of one currency. */
export function balanceOf(entries: readonly Entry[], account: string): number {
  let balance = 0;
  for (const entry of entries) {
    if (entry.account === account) balance += entry.amount;
  }
  return balance;
}

export function latest(entries: readonly Entry[], count = 3): Entry[] {
  if (count <= 0) return [];
  return entries.slice(entries.length - count, entries.length);
}

export const overdrawn = (entries: readonly Entry[], account: string, limit: number): boolean => balanceOf(entries, account) < -limit;
`,
    'test/balance.test.ts': `import { beforeEach, describe, expect, it } from 'vitest';
import { balanceOf, latest, overdrawn } from '../src/balance.ts';

let entries: { account: string; amount: number; currency: string }[] = [];
beforeEach(() => {
  entries = [{ account: 'cash', amount: 500, currency: 'EUR' }, { account: 'bank', amount: -70, currency: 'EUR' }];
});

describe('balance', () => {
  it('sums up one account', () => {
    expect(balanceOf(entries, 'cash')).toBe(500);
    expect(balanceOf(entries, 'bank')).toBe(-70);
  });

  it('is overdrawn below its limit', () => {
    expect(overdrawn(entries, 'bank', 50)).toBe(true);
  });
});

it('gives the latest entries', () => {
  expect(latest(entries, 1)).toEqual([{ account: 'bank', amount: -70, currency: 'EUR' }]);
});
`,
    'test/entry.test.ts': `import { expect, test } from 'vitest';
import { readEntry } from '../src/entry.ts';

test('reads a line', () => {
  expect(readEntry('cash;12;eur')).toEqual({ account: 'cash', amount: 12, currency: 'EUR' });
});

test.each(['', 'cash', 'cash;x;eur'])('takes %j for no entry', (line) => {
  expect(() => readEntry(line)).not.toThrow(SyntaxError);
});
`,
  },
  production: ['src/entry.ts', 'src/balance.ts'],
  tests: ['test/balance.test.ts', 'test/entry.test.ts'],
  runnerConfig: 'vitest.config.ts',
};

const PARCELS: PatchedRepository = {
  name: 'parcels (jest, CommonJS)',
  runner: 'jest',
  files: {
    'package.json': JSON.stringify({
      name: 'parcels',
      scripts: { test: 'jest --ci' },
      dependencies: { express: '^5' },
      devDependencies: { jest: '^30', supertest: '^7' },
    }),
    'yarn.lock': '# yarn lockfile v1\n',
    'jest.config.js': 'module.exports = { coverageThreshold: { global: { lines: 80 } } };\n',
    '.eslintrc.json': '{ "rules": { "no-unused-vars": "error" } }\n',
    '.gitlab-ci.yml': 'test:\n  script: yarn test\n',
    'CHANGELOG.md': '# 1.2.0\n\n- Rates by zone\n',
    'README.md': '# Parcels\n',
    'lib/rates.js': `const ZONES = { near: 1, far: 2.5 };

/**
 * Price of a parcel.
 * @param {{ weight: number, zone: string, insured?: boolean }} parcel weight in kilograms
 */
function price(parcel) {
  const factor = ZONES[parcel.zone];
  let cents = Math.ceil(parcel.weight) * 300 * factor;
  if (parcel.insured) {
    cents += 250;
  }
  return Math.round(cents);
}

function cheapest(parcels) {
  return parcels.reduce((best, parcel) => (price(parcel) < price(best) ? parcel : best));
}

module.exports = { price, cheapest, ZONES };
`,
    'lib/track.js': `const { EventEmitter } = require('node:events');

class Tracker extends EventEmitter {
  constructor(carrier) {
    super();
    this.carrier = carrier;
    this.seen = new Map();
  }

  async refresh(id) {
    const state = await this.carrier.stateOf(id);
    const before = this.seen.get(id);
    if (before !== state) {
      this.seen.set(id, state);
      this.emit('moved', { id, from: before, to: state });
    }
    return state;
  }

  count(state) {
    let found = 0;
    for (const one of this.seen.values()) if (one === state) found++;
    return found;
  }
}

module.exports = { Tracker };
`,
    '__tests__/rates.test.js': `const { cheapest, price } = require('../lib/rates');

describe('price', () => {
  test('goes by weight and zone', () => {
    expect(price({ weight: 1.2, zone: 'near' })).toBe(600);
    expect(price({ weight: 2, zone: 'far' })).toBe(1500);
  });

  test('includes the insurance', () => {
    expect(price({ weight: 1, zone: 'near', insured: true })).toBe(550);
  });
});

test('finds the cheapest', () => {
  const small = { weight: 1, zone: 'near' };
  expect(cheapest([{ weight: 9, zone: 'far' }, small])).toBe(small);
});
`,
    '__tests__/track.test.js': `const { Tracker } = require('../lib/track');

test('tells when a parcel moved', async () => {
  const tracker = new Tracker({ stateOf: async () => 'depot' });
  const moved = jest.fn();
  tracker.on('moved', moved);
  await tracker.refresh('p1');
  await tracker.refresh('p1');
  expect(moved).toHaveBeenCalledTimes(1);
  expect(tracker.count('depot')).toEqual(1);
});
`,
  },
  production: ['lib/rates.js', 'lib/track.js'],
  tests: ['__tests__/rates.test.js', '__tests__/track.test.js'],
  runnerConfig: 'jest.config.js',
};

const CATALOGUE: PatchedRepository = {
  name: 'catalogue (mocha, chai)',
  runner: 'mocha',
  files: {
    'package.json': JSON.stringify({
      name: 'catalogue',
      scripts: { test: 'mocha spec/**/*.spec.js' },
      dependencies: { lodash: '^4' },
      devDependencies: { mocha: '^12', chai: '^6' },
    }),
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    '.mocharc.json': '{ "timeout": 2000 }\n',
    'biome.json': '{ "linter": { "enabled": true } }\n',
    '.circleci/config.yml': 'version: 2.1\n',
    'CHANGELOG.md': '# Changes\n',
    'README.md': '# Catalogue\n',
    'src/search.js': `const _ = require('lodash');

function normalise(text) {
  return text.trim().toLowerCase();
}

/** Products whose name or tags hold every word of the query. */
function search(products, query, options) {
  const words = normalise(query).split(/\\s+/);
  const found = products.filter((product) => words.every((word) => product.name.toLowerCase().includes(word) || product.tags.includes(word)));
  const sorted = _.sortBy(found, 'price');
  return options.limit ? sorted.slice(0, options.limit) : sorted;
}

function pageOf(items, page, size) {
  const start = page * size;
  if (start > items.length) throw new RangeError('no such page');
  return { items: items.slice(start, start + size), last: start + size >= items.length };
}

module.exports = { normalise, search, pageOf };
`,
    'src/stock.js': `class Stock {
  #counts = new Map();

  add(sku, count) {
    this.#counts.set(sku, (this.#counts.get(sku) || 0) + count);
  }

  take(sku, count) {
    const left = this.#counts.get(sku) - count;
    if (left < 0) return false;
    this.#counts.set(sku, left);
    return true;
  }

  get total() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}

exports.Stock = Stock;
`,
    'spec/search.spec.js': `const { expect } = require('chai');
const { pageOf, search } = require('../src/search');

const products = [
  { name: 'Green Tea', tags: ['drink'], price: 4 },
  { name: 'Tea Pot', tags: ['kitchen'], price: 25 },
];

describe('search', () => {
  it('finds by words', () => {
    expect(search(products, ' tea ', {})).to.have.length(2);
    expect(search(products, 'pot', {})[0].name).to.equal('Tea Pot');
  });

  it('gives pages', () => {
    expect(pageOf([1, 2, 3], 1, 2)).to.deep.equal({ items: [3], last: true });
    expect(() => pageOf([], 1, 2)).to.throw(RangeError);
  });
});
`,
    'spec/stock.spec.js': `const assert = require('node:assert');
const { Stock } = require('../src/stock');

describe('stock', () => {
  let stock;
  beforeEach(() => {
    stock = new Stock();
    stock.add('tea', 3);
  });

  it('is taken', () => {
    assert.strictEqual(stock.take('tea', 2), true);
    assert.strictEqual(stock.total, 1);
  });

  it('does not go below zero', () => {
    assert.strictEqual(stock.take('tea', 4), false);
  });
});
`,
  },
  production: ['src/search.js', 'src/stock.js'],
  tests: ['spec/search.spec.js', 'spec/stock.spec.js'],
  runnerConfig: '.mocharc.json',
};

const CALENDAR: PatchedRepository = {
  name: 'calendar (node:test, ESM)',
  runner: 'node:test',
  files: {
    'package.json': JSON.stringify({ name: 'calendar', type: 'module', scripts: { test: 'node --test' }, engines: { node: '>=20' } }),
    'package-lock.json': '{ "lockfileVersion": 3 }\n',
    'node.config.json': '{ "testRunner": {} }\n',
    'tsconfig.json': '{ "compilerOptions": { "checkJs": true } }\n',
    'azure-pipelines.yml': 'trigger: main\n',
    'CHANGELOG.md': '# Changelog\n',
    'README.md': '# Calendar\n',
    'src/days.js': `const DAY_MS = 86_400_000;

/** Whole days from one date to another. */
export function daysBetween(from, to) {
  return Math.floor((to - from) / DAY_MS);
}

export function isWeekend(date) {
  const day = date.getUTCDay();
  return day === 0 || day === 6;
}

export function workdays(from, to) {
  let count = 0;
  for (let at = from.getTime(); at < to.getTime(); at += DAY_MS) {
    if (!isWeekend(new Date(at))) count += 1;
  }
  return count;
}
`,
    'src/agenda.js': `import { readFile } from 'node:fs/promises';
import { daysBetween } from './days.js';

export async function loadAgenda(path) {
  const text = await readFile(path, 'utf8');
  return JSON.parse(text).events.map((event) => ({ ...event, at: new Date(event.at) }));
}

export function nextEvent(events, now) {
  const coming = events.filter((event) => event.at >= now).sort((a, b) => a.at - b.at);
  return coming[0].title;
}

export function reminder(event, now) {
  const days = daysBetween(now, event.at);
  switch (days) {
    case 0:
      return event.title + ' is today';
    case 1:
      return event.title + ' is tomorrow';
    default:
      return event.title + ' is in ' + days + ' days';
  }
}
`,
    'test/days.test.js': `import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daysBetween, isWeekend, workdays } from '../src/days.js';

test('counts days', () => {
  assert.equal(daysBetween(new Date('2026-01-01'), new Date('2026-01-31')), 30);
});

describe('the week', () => {
  test('has a weekend', () => {
    assert.ok(isWeekend(new Date('2026-01-03')));
    assert.equal(isWeekend(new Date('2026-01-05')), false);
  });

  test('has workdays', () => {
    assert.equal(workdays(new Date('2026-01-01'), new Date('2026-01-08')), 5);
  });
});
`,
    'test/agenda.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextEvent, reminder } from '../src/agenda.js';

const events = [{ title: 'Talk', at: new Date('2026-03-02') }, { title: 'Lunch', at: new Date('2026-03-01') }];

test('finds the next event', () => {
  assert.equal(nextEvent(events, new Date('2026-02-28')), 'Lunch');
});

test('reminds', () => {
  assert.deepEqual(reminder(events[0], new Date('2026-03-01')), 'Talk is tomorrow');
});
`,
  },
  production: ['src/days.js', 'src/agenda.js'],
  tests: ['test/days.test.js', 'test/agenda.test.js'],
  runnerConfig: 'node.config.json',
};
