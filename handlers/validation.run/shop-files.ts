/** A small CommonJS package with node:test: the repository that the tests of validation.run patch. */
export const SHOP = {
  'package.json': '{"name":"shop","scripts":{"test":"node --test test/*.test.js"}}\n',
  'README.md': '# Shop\n\nSee [orders](src/orders.js).\n\n## Use\n\n```js\nlabel({});\n```\n',
  'src/orders.js': `/**
 * Label of an order.
 * @param order the order
 */
function label(order) {
  return order.customer.name.toUpperCase();
}

function total(lines) {
  let sum = 0;
  for (const line of lines) {
    if (line.free) continue;
    sum += line.price * line.count;
  }
  return sum;
}

module.exports = { label, total };
`,
  'src/slow.js': `function distinct(values) {
  return values.filter((value, index) => values.indexOf(value) === index);
}

module.exports = { distinct };
`,
  'test/orders.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { label } = require('../src/orders');

test('labels an order', () => {
  assert.strictEqual(label({ customer: { name: 'ann' } }), 'ANN');
});
`,
  'test/slow.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { distinct } = require('../src/slow');

test('drops doubles', () => {
  assert.deepStrictEqual(distinct([1, 1, 2]), [1, 2]);
});
`,
} as const;

export const LABEL_AT = { file: 'src/orders.js', line: 6, functionStart: 5, functionEnd: 7 };

/** The right fix of `label` for an order without customer. */
export const GUARD = {
  file: 'src/orders.js',
  search: '  return order.customer.name.toUpperCase();',
  replace: "  if (order.customer == null) return '';\n  return order.customer.name.toUpperCase();",
};

export const LABEL_TEST = {
  file: 'test/orders-regression.test.js',
  titles: ['labels an order without customer'],
  text: `const { test } = require('node:test');
const assert = require('node:assert');
const { label } = require('../src/orders');

test('labels an order without customer', () => {
  assert.strictEqual(label({ customer: null }), '');
});
`,
};
