import { describe, expect, it } from 'vitest';
import { guardNull } from './guard-null.ts';
import { repaired } from './template-rig.ts';

const label = `import { isShipping, zoneOf } from './rates.ts';

export interface Label { carrier: string }

/** The label for a parcel; null where there is nothing to send. */
export function shippingLabel(order: Order): Label | null {
  const [shipTo] = order.addresses.filter(isShipping).reverse();
  return {
    carrier: CARRIERS[zoneOf(shipTo.country)],
  };
}
`;

describe('guardNull', () => {
  it('returns what the type and doc comment promise, right behind the declaration', () => {
    const [best] = repaired(guardNull, {
      files: { 'label.ts': label },
      at: 'shipTo.country',
      category: 'null-access',
      data: { receiver: 'shipTo', property: 'country' },
    });
    expect(best).toContain(`.reverse();
  if (!shipTo) {
    return null;
  }
  return {`);
  });

  it('finds the access by itself where the diagnosis gives only the line', () => {
    const [best] = repaired(guardNull, { files: { 'label.ts': label }, at: 'shipTo.country', category: 'unknown' });
    expect(best).toContain('if (!shipTo) {\n    return null;');
  });

  it('leaves as its neighbours do, in their style', () => {
    const text = `const db = require('./db')

async function cityOf(id) {
  const user = await db.find(id)
  if (!user) return 'unknown'
  return user.city
}

async function nameOf(id) {
  const user = await db.find(id)
  return user.name.trim()
}

module.exports = { cityOf, nameOf }
`;
    const [best] = repaired(guardNull, { files: { 'users.js': text }, at: 'user.name', category: 'null-access', expression: 'user.name' });
    expect(best).toContain("  const user = await db.find(id)\n  if (!user) return 'unknown'\n  return user.name.trim()");
  });

  it('answers 404 where the other handlers of the router do', () => {
    const text = `router.get('/a/:id', async (req, res) => {
  const item = await items.get(req.params.id);
  if (!item) {
    return res.status(404).json({ error: 'not found' });
  }
  res.json(item);
});

router.get('/b/:id', async (req, res) => {
  const item = await items.get(req.params.id);
  res.json({ name: item.name });
});
`;
    const [best] = repaired(guardNull, { files: { 'routes.js': text }, at: 'item.name', category: 'null-access' });
    expect(best).toContain(`  if (!item) {
    return res.status(404).json({ error: 'not found' });
  }
  res.json({ name: item.name });`);
  });

  it('answers 400 in a handler without example', () => {
    const text = "app.post('/x', (req, res) => {\n  res.json({ city: req.body.address.city });\n});\n";
    const all = repaired(guardNull, {
      files: { 'app.js': text },
      at: 'req.body',
      category: 'unguarded-input',
      data: { receiver: 'req.body.address' },
    });
    expect(all[0]).toContain(
      "  if (!req.body.address) {\n    return res.status(400).json({ error: 'invalid request' });\n  }\n  res.json(",
    );
  });

  it('skips the item in a loop', () => {
    const text = `export function total(orders) {
  let sum = 0;
  for (const order of orders) {
    sum += order.payment.amount;
  }
  return sum;
}
`;
    const [best] = repaired(guardNull, {
      files: { 'total.js': text },
      at: 'order.payment.amount',
      category: 'null-access',
      data: { receiver: 'order.payment' },
    });
    expect(best).toContain('    if (!order.payment) {\n      continue;\n    }\n    sum +=');
  });

  it('names a computed receiver first', () => {
    const text = `export function priceOf(sku) {
  return products.find((product) => product.sku === sku).price;
}
`;
    const all = repaired(guardNull, { files: { 'p.js': text }, at: '.price', category: 'null-access', data: { property: 'price' } });
    expect(all[0]).toContain(
      'const foundProduct = products.find((product) => product.sku === sku);\n  if (!foundProduct) {\n    return null;',
    );
    expect(all[0]).toContain('return foundProduct.price;');
  });

  it('gives an arrow function a body', () => {
    const text = 'export const cityOf = (user) => user.address.city;\n';
    const all = repaired(guardNull, {
      files: { 'c.js': text },
      at: 'user.address.city',
      category: 'null-access',
      data: { receiver: 'user.address' },
    });
    expect(all).toContain(
      'export const cityOf = (user) => {\n  if (!user.address) {\n    return null;\n  }\n  return user.address.city;\n};\n',
    );
  });

  it('keeps empty text apart from missing text', () => {
    const text = 'function f(name) {\n  return name.trim();\n}\n';
    const [best] = repaired(guardNull, { files: { 'f.js': text }, at: 'name.trim', category: 'null-access' });
    expect(best).toContain("if (name === undefined || name === null) {\n    return '';");
  });

  it('keeps tabs, double quotes and Windows line ends', () => {
    const text = 'function f(a) {\r\n\tlog("x");\r\n\tif (!a.list) {\r\n\t\treturn "";\r\n\t}\r\n\treturn a.b.c + "y";\r\n}\r\n';
    const [best] = repaired(guardNull, { files: { 'f.js': text }, at: 'a.b.c', category: 'null-access', data: { receiver: 'a.b' } });
    expect(best).toContain('\tif (!a.b) {\r\n\t\treturn "";\r\n\t}\r\n\treturn a.b.c');
  });
});
