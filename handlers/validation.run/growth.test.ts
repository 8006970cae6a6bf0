import type { GrowthCheck, Patch } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { slowAnomaly } from '../fix.generate/anomalies-for-tests.ts';
import { type FixRig, fixRig, generateFix } from '../fix.generate/fix-rig.ts';
import { growthCurve } from './proof/growth-curve.ts';

const CODE = `export function dedupe(items) {
  const seen = [];
  for (const item of items) {
    if (!seen.includes(item)) seen.push(item);
  }
  return seen;
}
`;
const FILES = {
  'package.json': '{ "name": "x", "type": "module", "scripts": { "test": "node --test" } }',
  'src/dedupe.js': CODE,
  'test/dedupe.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedupe } from '../src/dedupe.js';

test('drops doubles', () => {
  assert.deepEqual(dedupe(['a', 'b', 'a']), ['a', 'b']);
});
`,
};
/** Right, and with 12 KB of memory for each item. */
const WILD = {
  file: 'src/dedupe.js',
  search: CODE.slice(CODE.indexOf('  const seen'), CODE.indexOf('}\n  return seen;')),
  replace: `  const others = items.map((item) => new Array(1_500).fill(item));
  const seen = [];
  for (const [index, item] of items.entries()) {
    if (items.indexOf(others[index][0]) === index) seen.push(item);
  `,
};

async function curveOf(rig: FixRig, patch: Pick<Patch, 'edits' | 'test'>): Promise<GrowthCheck> {
  const { runner } = await rig.ports.codebase.info(rig.base);
  if (runner === undefined) throw new Error('no runner');
  const trees = { base: rig.base, head: rig.base };
  return growthCurve({ sandbox: rig.ports.sandbox, patch, trees, runner, signal: new AbortController().signal });
}

test('a fix is measured at growing sizes: one that grows slower passes, one that fills memory does not', async () => {
  await using rig = await fixRig(FILES);
  const { patch } = await generateFix(rig, await rig.diagnose(slowAnomaly('dedupe')));
  if (patch === undefined) throw new Error('no fix was found');
  const mended = await curveOf(rig, patch);
  expect(mended).toMatchObject({ worse: false, memoryWorse: false });
  expect(mended.curve?.sizes.slice(0, 4)).toEqual([16, 32, 64, 128]);
  expect(mended.curve?.headMs).toHaveLength(mended.curve?.sizes.length ?? 0);
  expect(mended.detail).toMatch(/^time grows .* with the power \d\.\d of the size before, \d\.\d after, from 16 to \d+ items;/);

  const wasteful = await curveOf(rig, { ...patch, edits: [WILD] });
  expect(wasteful).toMatchObject({ memoryWorse: true, curve: { runs: 4 } });
  expect(wasteful.memoryDetail).toMatch(/^0\.\d MB before, \d+\.\d MB after, at \d+ items/);

  const { growth: _, ...unsized } = patch.test;
  const unmeasured = await curveOf(rig, { ...patch, test: unsized });
  expect(unmeasured).toMatchObject({ worse: false, memoryWorse: false, detail: expect.stringContaining('no curve: no test can call') });
});
