const assert = require('node:assert/strict');
const { lineTotal, merge, split, taxOf, totals } = require('../src/basket.js');

describe('a line', () => {
  it('costs its price by its quantity', () => assert.equal(lineTotal({ price: 250, quantity: 3 }), 750));
  it('is cheaper by the dozen', () => assert.equal(lineTotal({ price: 100, quantity: 10 }), 950));
  it('is cheapest by the hundred', () => assert.equal(lineTotal({ price: 100, quantity: 100 }), 9000));
  it('costs nothing where nothing is ordered', () => assert.equal(lineTotal({ price: 100, quantity: -1 }), 0));
  it('is taxed by its rate', () => assert.equal(taxOf({ price: 100, quantity: 1, rate: 'reduced' }), 7));
  it('is taxed in full by default', () => assert.equal(taxOf({ price: 100, quantity: 1 }), 19));
});

describe('a basket', () => {
  const lines = [
    { article: 'tea', price: 400, quantity: 2, rate: 'reduced' },
    { article: 'pot', price: 2500, quantity: 1, rate: 'standard' },
  ];
  it('has totals', () => assert.deepEqual(totals(lines), { net: 3300, tax: { reduced: 56, standard: 475 }, shipping: 490, total: 4321 }));
  it('is sent for free from an amount on', () => assert.equal(totals(lines, { freeFrom: 3300 }).shipping, 0));
  it('costs nothing empty', () => assert.deepEqual(totals([]), { net: 0, tax: {}, shipping: 0, total: 0 }));
  it('puts lines of one article together', () =>
    assert.deepEqual(
      merge([...lines, { article: 'tea', quantity: 3 }]).map(({ quantity }) => quantity),
      [5, 1],
    ));
  it('drops what was taken back', () => assert.deepEqual(merge([...lines, { article: 'pot', quantity: -1 }]).length, 1));
});

describe('an amount', () => {
  it('is split by weights', () => assert.deepEqual(split(100, [1, 1, 1]), [34, 33, 33]));
  it('is split to nobody', () => assert.deepEqual(split(100, [0, 0]), [0, 0]));
  it('is split in full', () => assert.deepEqual(split(7, [1, 2, 4]), [1, 2, 4]));
});
