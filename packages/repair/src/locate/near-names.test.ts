import { expect, test } from 'vitest';
import { NEAR, nameSimilarity, nearestNames } from './near-names.ts';

test.each([
  ['zipCode', 'zip_code'],
  ['address', 'shippingAddress'],
  ['postcode', 'postalCode'],
  ['customerId', 'userId'],
  ['recieved', 'received'],
  ['totalCents', 'total_cents'],
])('%s and %s mean the same', (a, b) => {
  expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(NEAR);
});

test.each([
  ['address', 'weight'],
  ['name', 'id'],
  ['createdAt', 'lines'],
  ['', 'x'],
])('%s and %s do not', (a, b) => {
  expect(nameSimilarity(a, b)).toBeLessThan(NEAR);
});

test('the nearest names come best first, without the name itself', () => {
  expect(nearestNames('totl', ['total', 'totl', 'totals', 'weight'])).toEqual(['total', 'totals']);
});
