import { execFileSync } from 'node:child_process';
import type { Anomaly } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { errorAnomaly, type FixRig, fixRig, type Generated, generateFix } from './fix-rig.ts';

async function heal(rig: FixRig, anomaly: Anomaly, options: Parameters<typeof generateFix>[2] = {}): Promise<Generated> {
  return generateFix(rig, await rig.diagnose(anomaly), options);
}

/** The patch applies to the repository as it is. */
function applies(rig: FixRig, diff: string): boolean {
  execFileSync('git', ['apply', '--check', '-'], { cwd: rig.root, input: diff });
  return true;
}

const commonjs = {
  'package.json': '{ "name": "users", "scripts": { "test": "node --test" } }',
  'CHANGELOG.md': '# Changelog\n\n## 1.0.0\n\n- First release\n',
  'lib/users.js': `'use strict'

/** The city of a user, or null where it is not known. */
function cityOf(user) {
  if (!user) return null
  return user.address.city.toUpperCase()
}

module.exports = { cityOf }
`,
  'test/users.test.js': `'use strict'
const test = require('node:test')
const assert = require('assert')
const { cityOf } = require('../lib/users')

test('cities are in capitals', () => {
  assert.strictEqual(cityOf({ address: { city: 'Bergen' } }), 'BERGEN')
})
`,
};

describe('searchCandidates', () => {
  it('mends a null access in CommonJS with node:test, from a logged input', async () => {
    await using rig = await fixRig(commonjs);
    const anomaly = await errorAnomaly(rig.root, {
      run: "require('./lib/users').cityOf({ name: 'Ada' })",
      calls: [{ input: { name: 'Ada' } }],
      operation: 'cityOf',
    });
    const { search, patch, stored, completed } = await heal(rig, anomaly);
    expect(search).toMatchObject({
      found: true,
      candidate: { template: 'guard-null' },
      test: { proof: 'reproduction', file: 'test/users-regression.test.js' },
    });
    expect(patch?.diff).toContain('+  if (!user.address) return null\n');
    expect(patch?.diff).toContain(
      "+test('cityOf gives null where user.address is missing', () => {\n+  assert.strictEqual(cityOf({ name: 'Ada' }), null)\n+})",
    );
    expect(patch?.diff).toContain('+## Unreleased\n+\n+- cityOf no longer fails');
    expect(applies(rig, patch?.diff ?? '')).toBe(true);
    expect(stored).toEqual({ patchId: `patch-${patch?.hash.slice(0, 16)}`, patchHash: patch?.hash, valid: true });
    expect(completed.found).toBe(true);
    expect(rig.progress.length).toBeGreaterThan(1);
    const incident = await rig.ports.records.need('incident', 'incident-a1');
    expect(incident).toMatchObject({ status: 'fixing', patchId: stored?.patchId });
  });

  it('mends TypeScript with vitest, from what the code reads, where nothing was logged', async () => {
    await using rig = await fixRig({
      'package.json': '{ "name": "cart", "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "5" } }',
      'src/total.ts': `export interface Cart { items?: { price: number }[] }

export function total(cart: Cart): number {
  return cart.items!.reduce((sum, item) => sum + item.price, 0);
}
`,
      'src/total.test.ts': `import { describe, expect, it } from 'vitest';
import { total } from './total.ts';

describe('total', () => {
  it('should add up', () => {
    expect(total({ items: [{ price: 2 }, { price: 3 }] })).toBe(5);
  });
});
`,
    });
    const anomaly = await errorAnomaly(rig.root, { run: "(await import('./src/total.ts')).total({})" });
    const { search, patch } = await heal(rig, anomaly);
    expect(search.found).toBe(true);
    expect(patch?.testFiles).toEqual(['src/total-regression.test.ts']);
    expect(patch?.diff).toMatch(/\+ {2}it\('should /);
    expect(applies(rig, patch?.diff ?? '')).toBe(true);
  });

  it('skips a candidate that was barred and takes the next', async () => {
    await using rig = await fixRig(commonjs);
    const anomaly = await errorAnomaly(rig.root, {
      run: "require('./lib/users').cityOf({ name: 'Ada' })",
      calls: [{ input: { name: 'Ada' } }],
      operation: 'cityOf',
    });
    const first = await heal(rig, anomaly);
    const second = await heal(rig, anomaly, { barred: [first.patch?.hash ?? ''] });
    expect(second.search.found).toBe(true);
    expect(second.search.candidate?.id).not.toBe(first.search.candidate?.id);
    expect(second.patch?.hash).not.toBe(first.patch?.hash);
  });

  it('says what was tried where no candidate passes', async () => {
    const contradicted = commonjs['test/users.test.js'].replace(
      "'BERGEN')",
      "'BERGEN')\n  assert.throws(() => cityOf({}), TypeError)\n  assert.throws(() => cityOf({ address: {} }), TypeError)",
    );
    await using rig = await fixRig({ ...commonjs, 'test/users.test.js': contradicted }, { policy: { searchBudgetMs: 2_000 } });
    const anomaly = await errorAnomaly(rig.root, {
      run: "require('./lib/users').cityOf({ name: 'Ada' })",
      calls: [{ input: { name: 'Ada' } }],
      operation: 'cityOf',
    });
    const { search, completed, patch } = await heal(rig, anomaly);
    expect(search.found).toBe(false);
    expect(search.trials.length).toBeGreaterThan(1);
    expect(search.trials.every((trial) => !trial.plausible && trial.why !== '')).toBe(true);
    expect(search.trials.some((trial) => trial.why.includes('other tests fail'))).toBe(true);
    expect(patch).toBeUndefined();
    expect(completed).toMatchObject({ found: false });
    expect(await rig.ports.records.need('incident', 'incident-a1')).toMatchObject({ status: 'no_fix', reason: search.why });
  });

  it('finds nothing where no test shows the fault', async () => {
    await using rig = await fixRig(commonjs);
    const anomaly = await errorAnomaly(rig.root, { run: "require('./lib/users').cityOf({ name: 'Ada' })" });
    const diagnosis = await rig.diagnose(anomaly);
    const { search } = await generateFix(rig, { ...diagnosis }, {});
    expect(search.found).toBe(true);
    const { ports } = rig;
    const { searchCandidates } = await import('./searchCandidates.ts');
    const codebase = await ports.codebase.info();
    const passing = search.test && {
      ...search.test,
      edits: search.test.edits.map((edit) => ({ ...edit, replace: edit.replace.replace(/cityOf\(.*\), null/, 'null, null') })),
    };
    const none = await searchCandidates(
      {
        projectId: 'p1',
        diagnosis,
        codebase,
        candidates: search.candidate ? [search.candidate] : [],
        tests: passing ? [passing] : [],
        barred: [],
      },
      ports,
    );
    expect(none).toMatchObject({ found: false, trials: [] });
    expect(none.why).toContain('no test showed the fault on the base');
  });

  it('stops where it is told to', async () => {
    await using rig = await fixRig(commonjs);
    const anomaly = await errorAnomaly(rig.root, { run: "require('./lib/users').cityOf({ name: 'Ada' })" });
    const diagnosis = await rig.diagnose(anomaly);
    const signal = AbortSignal.abort();
    const stopped: FixRig = { ...rig, ports: { ...rig.ports, beat: { ...rig.ports.beat, signal } } };
    await expect(generateFix(stopped, diagnosis)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
