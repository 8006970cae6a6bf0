import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toOrder, totals } from '../src/orders.js';

test('an order of the provider becomes one of ours', () => {
  const record = { id: 'o-1', customer_name: ' Ada ', total: 19.99, currency: 'EUR' };
  assert.deepEqual(toOrder(record), { id: 'o-1', customer: 'Ada', cents: 1999, currency: 'EUR' });
});

test('an order without a customer is refused', () => {
  assert.throws(() => toOrder({ id: 'o-2', total: 1, currency: 'EUR' }), /customer_name/);
});

test('totals are by currency', () => {
  const orders = [
    { currency: 'EUR', cents: 100 },
    { currency: 'USD', cents: 250 },
    { currency: 'EUR', cents: 50 },
  ];
  assert.deepEqual(totals(orders), { EUR: 150, USD: 250 });
});
