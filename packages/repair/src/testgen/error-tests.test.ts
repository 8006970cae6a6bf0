import { describe, expect, it } from 'vitest';
import { generateTests } from './generate-tests.ts';
import { testInput } from './test-rig.ts';

const label = `import { isShipping } from './address.ts';
/** The label; null where there is nothing to send. */
export function shippingLabel(order: Order): Label | null {
  const [shipTo] = order.addresses.filter(isShipping).reverse();
  return { carrier: shipTo.country };
}
`;
const error = { type: 'TypeError', message: "Cannot read properties of undefined (reading 'country')" };
const nodeTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippingLabel } from '../src/label.ts';

test('the label names the carrier', () => {
  assert.equal(shippingLabel({ addresses: [{ kind: 'shipping', country: 'DE' }] })?.carrier, 'DE');
});
`;

function textOf(incident: Parameters<typeof testInput>[0]): string[] {
  return generateTests(testInput(incident)).tests.map((test) => test.edits[0]?.replace ?? '');
}

describe('error tests', () => {
  const incident = {
    files: {
      'src/label.ts': label,
      'src/address.ts': 'export const isShipping = (a) => a.kind === "shipping";\n',
      'test/label.test.ts': nodeTest,
    },
    at: 'shipTo.country',
    category: 'null-access',
    expression: 'shipTo.country',
    data: { receiver: 'shipTo', property: 'country' },
    error,
    failing: [{ request: { method: 'POST', path: '/labels', body: { orderId: 'ord-7', addresses: [] } } }],
  };

  it('calls the function with the logged body and asserts what its convention gives', () => {
    const [best] = generateTests(testInput(incident)).tests;
    expect(best?.file).toBe('test/label-regression.test.ts');
    expect(best?.edits[0]?.replace).toBe(`import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippingLabel } from '../src/label.ts';

test('shippingLabel gives null where shipTo is missing', () => {
  assert.equal(shippingLabel({ orderId: 'ord-7', addresses: [] }), null);
});
`);
    expect(best).toMatchObject({
      proof: 'reproduction',
      runner: 'node:test',
      titles: ['shippingLabel gives null where shipTo is missing'],
      reproduces: error,
    });
    expect(best?.source.events).toEqual(['error-0']);
  });

  it('also offers the plain form, and values made up from what the code reads', () => {
    const all = textOf({ ...incident, failing: [] });
    expect(all[0]).toContain('assert.equal(shippingLabel({ addresses: [] }), null);');
    expect(all.some((text) => text.includes('assert.doesNotThrow(() => shippingLabel('))).toBe(true);
  });

  it('writes CommonJS with expect and suites where the tests do', () => {
    const files = {
      'lib/users.js':
        'async function cityOf(db, id) {\n  const user = await db.find(id)\n  return user.address.city\n}\nmodule.exports = { cityOf }\n',
      '__tests__/other.spec.js':
        "const { x } = require('../lib/other')\n\ndescribe('other', () => {\n  it('should work', () => {\n    expect(x()).toBe(1)\n  })\n})\n",
      'package.json': '{ "name": "x" }',
    };
    const runner = { name: 'jest' as const, command: 'jest', testFiles: ['__tests__/other.spec.js'] };
    const all = textOf({
      files,
      at: 'user.address.city',
      category: 'null-access',
      data: { receiver: 'user', property: 'address' },
      error,
      runner,
    });
    expect(all.some((text) => text.includes("const { cityOf } = require('../lib/users')"))).toBe(true);
    const made = all.find((text) => text.includes('find: async () => undefined'));
    expect(made).toContain("describe('cityOf', () => {\n  it('should ");
    expect(made).toContain('await ');
  });

  it('takes the arguments from the call site in the handler', () => {
    const files = {
      'src/rates.js': 'export function rate(country, kilos) {\n  return table[country].base * kilos;\n}\nconst table = {};\n',
      'src/app.js':
        "import express from 'express';\nimport { rate } from './rates.js';\nexport function createApp() {\n  const app = express();\n  app.post('/rate/:country', (req, res) => {\n    const { weight } = req.body;\n    res.json(rate(req.params.country, weight));\n  });\n  return app;\n}\n",
      'test/a.test.js': "import { it, expect } from 'vitest';\nit('works', () => expect(1).toBe(1));\n",
    };
    const failing = [{ request: { method: 'POST', route: '/rate/:country', path: '/rate/XX', body: { weight: 3 } } }];
    const all = textOf({
      files,
      at: 'table[country].base',
      category: 'null-access',
      data: { receiver: 'table[country]', property: 'base' },
      error,
      failing,
    });
    expect(all.some((text) => text.includes("rate('XX', 3)"))).toBe(true);
    expect(all.some((text) => text.includes('createApp().listen(0)') && text.includes('await fetch(`http://127.0.0.1:'))).toBe(true);
  });

  it('keeps logged values literals, whatever they hold', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a value that tries to be a template
    const evil = { "'); process.exit(0); ('": '\u202e`${process.exit(0)}`\n*/', __proto__x: "it's" };
    const [best] = textOf({ ...incident, failing: [{ input: { addresses: [], note: evil } }] });
    expect(best).toContain("'\\'); process.exit(0); (\\''");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the same, as text of a literal
    expect(best).toContain('\\u202e`${process.exit(0)}`\\n*/');
    expect(best).toContain('"it\'s"'.replaceAll('"', "'").replace("t's", "t\\'s"));
  });

  it('keeps that a usual call gives what production recorded', () => {
    const files = { ...incident.files, 'src/label.ts': label };
    const all = textOf({
      ...incident,
      files,
      passing: [{ operation: 'shippingLabel', input: { addresses: [{ kind: 'shipping', country: 'DE' }] }, output: { carrier: 'DE' } }],
    });
    expect(all[0]).toContain("assert.deepEqual(shippingLabel({ addresses: [{ kind: 'shipping', country: 'DE' }] }), { carrier: 'DE' });");
  });

  it('casts arguments in TypeScript only where production sent what the types forbid', () => {
    const files = {
      'src/total.ts':
        'export interface Cart { items: { price: number }[] }\n\nexport function total(cart: Cart): number {\n  return cart.items.reduce((sum, item) => sum + item.price, 0);\n}\n',
      'test/total.test.ts':
        "import { expect, test } from 'vitest';\nimport { total } from '../src/total.ts';\n\ntest('a', () => {\n  expect(total({ items: [] })).toBe(0);\n});\n",
    };
    const of = (input: { items?: never[] }) =>
      textOf({ files, at: 'cart.items.reduce', category: 'null-access', data: { receiver: 'cart.items' }, error, failing: [{ input }] });
    expect(of({}).some((text) => text.includes('total({} as never)'))).toBe(true);
    expect(of({ items: [] })[0]).toContain('total({ items: [] }))');
  });

  it('says so where nothing reaches the fault', () => {
    const files = { 'src/a.js': 'function hidden(x) {\n  return x.y.z;\n}\n' };
    const { tests, notes } = generateTests(testInput({ files, at: 'x.y.z', category: 'null-access', error }));
    expect(tests).toEqual([]);
    expect(notes.join()).toContain('src/a.js:2');
  });
});
