import type { BeatOutput } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { applyPatch } from './applyPatch.ts';
import { SHOP } from './shop-files.ts';
import { type PatchWanted, type ValidationRig, validationRig } from './validation-rig.ts';
import { verifyPerformance } from './verifyPerformance.ts';

const AT = { file: 'src/slow.js', line: 2 };
const FAST = {
  file: 'src/slow.js',
  search: 'values.filter((value, index) => values.indexOf(value) === index)',
  replace: '[...new Set(values)]',
};
const GROWTH = {
  file: 'test/slow-regression.test.js',
  titles: ['grows no faster than its input'],
  text: `const { test } = require('node:test');
const assert = require('node:assert');
const { distinct } = require('../src/slow');

test('grows no faster than its input', () => {
  const values = Array.from({ length: 20000 }, (_, index) => index);
  let reads = 0;
  const counted = new Proxy(values.slice(0, 300), { get: (target, key) => { reads += 1; return Reflect.get(target, key); } });
  distinct(counted);
  assert.strictEqual(distinct(values).length, 20000);
  assert.ok(reads < 300 * 20, String(reads));
});
`,
};

async function verify(rig: ValidationRig, wanted: PatchWanted): Promise<BeatOutput<'verifyPerformance'>> {
  const patch = await rig.store(wanted);
  const diagnosis = await rig.ports.records.need('diagnosis', 'd1');
  const codebase = await rig.codebase();
  const { trees } = await applyPatch({ projectId: 'p1', patch, diagnosis, codebase }, rig.ports);
  return verifyPerformance({ projectId: 'p1', patch, diagnosis, codebase, trees }, rig.ports);
}

test('a fix of a slow function is seen to be faster', async () => {
  await using rig = await validationRig(SHOP);
  const { performance } = await verify(rig, { type: 'performance', code: [FAST], test: GROWTH, at: AT });
  expect(performance).toMatchObject({ improved: true, slower: false });
  expect(performance?.improvement).toBeGreaterThan(0.5);
  expect(performance?.runs).toBeGreaterThanOrEqual(5);
});

test('a patch that makes the tested code slow is seen', async () => {
  await using rig = await validationRig(SHOP);
  const wait = {
    file: 'src/slow.js',
    search: '  return values',
    replace: '  const until = performance.now() + 300;\n  while (performance.now() < until);\n  return values',
  };
  const titles = ['drops nothing'];
  const text = "const { test } = require('node:test');\ntest('drops nothing', () => {});\n";
  const { performance } = await verify(rig, { code: [wait], test: { file: 'test/new.test.js', titles, text }, at: AT });
  expect(performance).toMatchObject({ improved: false, slower: true });
});

test('two runs of each are enough where nothing hints at a slowdown', async () => {
  await using rig = await validationRig({
    ...SHOP,
    'src/slow.js': SHOP['src/slow.js'].replace('return ', 'for (let i = 0; i < 1e8; i += 1);\n  return '),
  });
  const { performance } = await verify(rig, {
    code: [{ file: 'src/slow.js', search: '1e8', replace: '1e3' }],
    test: { file: 'test/new.test.js', titles: ['a'], text: "const { test } = require('node:test');\ntest('a', () => {});\n" },
    at: AT,
  });
  expect(performance).toMatchObject({ slower: false, runs: 2 });
});

test('a patch without production code is not timed', async () => {
  await using rig = await validationRig(SHOP);
  expect(await verify(rig, { type: 'coverage', code: [], test: GROWTH, at: AT })).toEqual({});
});
