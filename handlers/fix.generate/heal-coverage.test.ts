import type { Anomaly } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { gatherCoverageEvidence } from '../validation.run/proof/coverage-evidence.ts';
import { coverageAnomaly } from './anomalies-for-tests.ts';
import { fixRig, type Generated, generateFix } from './fix-rig.ts';

interface Covered {
  readonly diff: string;
  readonly generated: Generated;
  readonly killed: number;
  readonly uncovered: readonly number[];
}

/** Generates the test and has validation measure it: lines that it runs, mutants that it notices. */
async function cover(files: Record<string, string>, anomaly: Anomaly): Promise<Covered> {
  await using rig = await fixRig(files);
  const generated = await generateFix(rig, await rig.diagnose(anomaly));
  const { patch, search } = generated;
  const runner = (await rig.ports.codebase.info()).runner;
  if (!patch || !runner) throw new Error(`${search.why}\n${generated.tests.tests.map((one) => one.edits[0]?.replace).join('\n-----\n')}`);
  await using checkout = await rig.ports.sandbox.checkout(patch.base);
  await checkout.apply(patch.edits);
  const stored = await rig.ports.records.need('patch', patch.id);
  const { mutants, uncovered } = await gatherCoverageEvidence(rig.ports.sandbox, checkout, runner, stored, new AbortController().signal);
  return { diff: patch.diff, generated, killed: mutants.killed, uncovered };
}

const nodeTest =
  "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n";
const esm = { 'package.json': '{ "name": "x", "type": "module", "scripts": { "test": "node --test" } }', 'test/one.test.js': nodeTest };

describe('untested code', () => {
  it('asserts recorded values and observes those at the limits, for several parameters', async () => {
    const source = `export function fee(weight, zone = 'home') {
  if (weight > 30) throw new RangeError('too heavy');
  if (zone === 'abroad') return weight * 3;
  return weight >= 10 ? 12 : 5;
}
`;
    const calls = [
      { input: { weight: 4, zone: 'home' }, output: 5 },
      { input: { weight: 12, zone: 'home' }, output: 12 },
    ];
    const { diff, killed, uncovered } = await cover({ ...esm, 'src/fee.js': source }, coverageAnomaly('src/fee.js', 'fee', [1, 5], calls));
    expect(diff).toContain("{ error: 'too heavy' }");
    expect(diff).toContain("outcome(() => fee(10, 'home')), { value: 12 }");
    expect(killed).toBeGreaterThanOrEqual(3);
    expect(uncovered).toEqual([]);
  });

  it('leaves out a recorded value that the code no longer gives', async () => {
    const source = 'export function rank(points) {\n  if (points >= 100) return "gold";\n  return points >= 50 ? "silver" : "none";\n}\n';
    const calls = [
      { input: 120, output: 'gold' },
      { input: 60, output: 'bronze' },
      { input: 3, output: 'none' },
    ];
    const { diff, killed } = await cover({ ...esm, 'src/rank.js': source }, coverageAnomaly('src/rank.js', 'rank', [1, 4], calls));
    expect(diff).not.toContain('bronze');
    expect(diff).toContain("rank(120), 'gold'");
    expect(killed).toBeGreaterThanOrEqual(3);
  });

  it('covers an async function without recorded outputs, in TypeScript with vitest', async () => {
    const source = `export interface Line {
  price: number;
  quantity: number;
}

export async function total(lines: Line[], coupon?: string): Promise<{ cents: number; note?: string | undefined }> {
  if (lines.length === 0) return { cents: 0, note: undefined };
  const cents = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  return coupon === 'TEA10' ? { cents: Math.round(cents * 0.9), note: 'ten off' } : { cents };
}
`;
    const files = {
      'package.json': '{ "name": "x", "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "5" } }',
      'src/total.ts': source,
      'src/one.test.ts': "import { expect, test } from 'vitest';\n\ntest('one', () => {\n  expect(1).toBe(1);\n});\n",
    };
    const calls = [{ input: [[{ price: 250, quantity: 2 }], 'NONE'] }];
    const { diff, killed, uncovered } = await cover(files, coverageAnomaly('src/total.ts', 'total', [6, 10], calls));
    expect(diff).toContain('src/total.test.ts');
    expect(killed).toBeGreaterThanOrEqual(3);
    expect(uncovered).toEqual([]);
  });

  it('reaches a function that nothing exports through the one that calls it', async () => {
    const source = `function points(order) {
  return order.total > 100 ? order.total * 2 : order.total;
}

exports.receipt = function receipt(order) {
  return { id: order.id, points: points(order) };
};
`;
    const files = {
      'package.json': '{ "name": "x", "scripts": { "test": "node --test" } }',
      'lib/receipt.js': source,
      'test/one.test.js':
        "const test = require('node:test');\nconst assert = require('node:assert');\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n",
    };
    const calls = [{ input: { id: 'a', total: 120 }, output: 240 }];
    const { diff } = await cover(files, coverageAnomaly('lib/receipt.js', 'points', [1, 3], calls));
    expect(diff).toContain("receipt({ id: 'a', total: 120 }), { id: 'a', points: 240 }");
  });

  it('reaches code of a route with the logged requests', async () => {
    const source = `import Fastify from 'fastify';

export function buildApp() {
  const app = Fastify();
  const fee = (weight) => (weight > 10 ? 12 : 5);
  app.post('/fees', async (request) => ({ fee: fee(request.body.weight) }));
  return app;
}
`;
    const calls = [
      { input: undefined, request: { method: 'POST', path: '/fees', body: { weight: 11 } } },
      { input: undefined, request: { method: 'POST', path: '/fees', body: { weight: 2 } } },
    ];
    const { diff, generated } = await cover({ ...esm, 'src/app.js': source }, coverageAnomaly('src/app.js', 'fee', [5, 5], calls));
    expect(generated.search.test?.titles).toEqual(['POST /fees answers logged requests as it does']);
    expect(diff).toContain('[200, \'{"fee":12}\']');
    expect(diff).toContain('[200, \'{"fee":5}\']');
  });

  it('writes down nothing that differs from run to run', async () => {
    const source = 'export function stamp(order) {\n  return { ...order, at: Date.now() };\n}\n';
    await using rig = await fixRig({ ...esm, 'src/stamp.js': source });
    const anomaly = coverageAnomaly('src/stamp.js', 'stamp', [1, 3], [{ input: { id: 1 }, output: { id: 1, at: 5 } }]);
    const { search } = await generateFix(rig, await rig.diagnose(anomaly));
    expect(search).toMatchObject({ found: false });
    expect(search.why).toContain('no test passed');
  });
});
