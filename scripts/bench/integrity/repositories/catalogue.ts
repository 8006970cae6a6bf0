import type { PatchedRepository } from '../patched-repository.ts';

/** A small service in the manner of mocha, chai. */
export const CATALOGUE: PatchedRepository = {
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
