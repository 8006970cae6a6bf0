import { describe, expect, it } from 'vitest';
import { slowAnomaly } from './anomalies-for-tests.ts';
import { fixRig, type Generated, generateFix } from './fix-rig.ts';

async function heal(name: string, code: string, works: string): Promise<Generated> {
  await using rig = await fixRig({
    'package.json': '{ "name": "x", "type": "module", "scripts": { "test": "node --test" } }',
    'src/a.js': code,
    'src/load.js':
      "import { setTimeout as delay } from 'node:timers/promises';\n\nexport async function load(id) {\n  await delay(1);\n  return id * 2;\n}\n",
    'test/a.test.js': `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${name} } from '../src/a.js';\n\ntest('works', async () => {\n  ${works}\n});\n`,
  });
  return await generateFix(rig, await rig.diagnose(slowAnomaly(name)));
}

const cases: [string, string, string, string, string][] = [
  [
    'looks up in a Set',
    'dedupe',
    'export function dedupe(items) {\n  const seen = [];\n  for (const item of items) {\n    if (!seen.includes(item)) seen.push(item);\n  }\n  return seen;\n}\n',
    "assert.deepEqual(dedupe(['a', 'b', 'a']), ['a', 'b']);",
    '+    if (!knownSeen.has(item)) {',
  ],
  [
    'looks up in a Map',
    'join',
    'export function join(orders, users) {\n  return orders.map((order) => {\n    const user = users.find((one) => one.id === order.userId);\n    return { ...order, name: user ? user.name : null };\n  });\n}\n',
    "assert.deepEqual(join([{ userId: 'u1', n: 1 }], [{ id: 'u1', name: 'Ada' }]), [{ userId: 'u1', n: 1, name: 'Ada' }]);",
    '+    const user = userById.get(order.userId);',
  ],
  [
    'makes a formatter once',
    'format',
    "export function format(prices) {\n  const out = [];\n  for (const price of prices) {\n    out.push(new Intl.NumberFormat('de').format(price));\n  }\n  return out;\n}\n",
    "assert.deepEqual(format([1]), ['1']);",
    "+  const numberFormat = new Intl.NumberFormat('de');",
  ],
  [
    'waits for imported functions side by side',
    'fetchAll',
    "import { load } from './load.js';\n\nexport async function fetchAll(ids) {\n  const out = [];\n  for (const id of ids) {\n    out.push(await load(id));\n  }\n  return out;\n}\n",
    'assert.deepEqual(await fetchAll([1, 2]), [2, 4]);',
    'batch.map((id) => load(id))',
  ],
  [
    'waits for injected dependencies side by side',
    'stocks',
    'export async function stocks(skus, inventory) {\n  const found = [];\n  for (const sku of skus) {\n    const stock = await inventory.stockOf(sku);\n    found.push({ sku, stock });\n  }\n  return found;\n}\n',
    "assert.deepEqual(await stocks(['a'], { stockOf: async () => 3 }), [{ sku: 'a', stock: 3 }]);",
    '+        const stock = await inventory.stockOf(sku);',
  ],
  [
    'computes each number of a recursion once',
    'ways',
    'export function ways(steps) {\n  if (steps < 2) return 1;\n  return ways(steps - 1) + ways(steps - 2);\n}\n',
    'assert.equal(ways(4), 5);',
    '+const waysResults = new Map();',
  ],
];

describe('slow code', () => {
  it.each(cases)('%s', async (_title, name, code, works, wanted) => {
    const { patch, search, completed, integrity } = await heal(name, code, works);
    expect(completed.summary).toContain('Fix found');
    expect(integrity).toEqual({ valid: true, violations: [] });
    expect(search.test?.proof).toBe('growth');
    expect(patch?.diff).toContain(wanted);
    expect(patch?.diff).not.toMatch(/performance\.now|Date\.now|hrtime/);
  });
});
