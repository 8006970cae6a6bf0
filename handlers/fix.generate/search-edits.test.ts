import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anomaly } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { errorAnomaly, type FixRig, fixRig, generateFix } from './fix-rig.ts';

/** Of an item that fills a box to the brim, an empty box is left behind, which a later step refuses. */
const boxes = {
  'package.json': '{ "name": "boxes", "scripts": { "test": "node --test" } }',
  'lib/boxes.js': `'use strict'

function labelOf(box, index) {
  if (box.length === 0) throw new RangeError('box ' + index + ' is empty')
  return index + ': ' + box.map((item) => item.name).join(', ')
}

/** Items into as few boxes as their order allows, none heavier than the capacity; one label for each box. */
function pack(items, capacity) {
  const boxes = [[]]
  let load = 0
  for (const item of items) {
    if (load + item.weight >= capacity) {
      boxes.push([])
      load = 0
    }
    boxes[boxes.length - 1].push(item)
    load += item.weight
  }
  return boxes.map(labelOf)
}

module.exports = { labelOf, pack }
`,
  'test/boxes.test.js': `'use strict'
const test = require('node:test')
const assert = require('assert')
const { labelOf, pack } = require('../lib/boxes')

const item = (name, weight) => ({ name, weight })

test('fills a box before it takes the next', () => {
  assert.deepStrictEqual(pack([item('a', 2), item('b', 3)], 10), ['0: a, b'])
  assert.deepStrictEqual(pack([item('a', 6), item('b', 6)], 10), ['0: a', '1: b'])
  assert.deepStrictEqual(pack([item('a', 4), item('b', 5), item('c', 9)], 10), ['0: a, b', '1: c'])
})

test('an empty box has no label', () => {
  assert.throws(() => labelOf([], 3), RangeError)
  assert.strictEqual(labelOf([item('a', 1)], 3), '3: a')
})
`,
};

async function brimful(rig: FixRig): Promise<Anomaly> {
  const input = [[{ name: 'a', weight: 10 }], 10];
  return errorAnomaly(rig.root, {
    run: `require('./lib/boxes').pack(...${JSON.stringify(input)})`,
    calls: [{ input }],
    operation: 'pack',
  });
}

it('mends a wrong operator that throws in a later step, which no template can', { timeout: 120_000 }, async () => {
  await using rig = await fixRig(boxes, { policy: { maxCandidates: 2, searchBudgetMs: 5_000 } });
  const diagnosis = await rig.diagnose(await brimful(rig));
  const { search, patch, stored, integrity } = await generateFix(rig, diagnosis);
  expect(search).toMatchObject({ found: true, candidate: { template: 'swap-operator', proposer: 'search' } });
  expect(search.trials.map(({ plausible }) => plausible)).toEqual([false, false, true]);
  expect(patch?.diff).toContain('+    if (load + item.weight > capacity) {');
  expect(patch?.diff).toContain('+  assert.doesNotThrow(() => pack(items, 10))');
  expect(stored?.valid).toBe(true);
  expect(integrity).toEqual({ valid: true, violations: [] });
  expect(rig.progress.some((line) => line.includes('plausible edits'))).toBe(true);
});

it('what is plausible but not trusted is not taken, and the incident says so', { timeout: 120_000 }, async () => {
  await using rig = await fixRig(boxes, { policy: { maxCandidates: 1, minRepairConfidence: 1, searchBudgetMs: 4_000 } });
  const diagnosis = await rig.diagnose(await brimful(rig));
  const { search } = await generateFix(rig, diagnosis);
  expect(search.found).toBe(false);
  expect(await rig.ports.records.need('incident', diagnosis.incidentId)).toMatchObject({
    status: 'no_fix',
    reason: expect.stringMatching(/swap-operator at lib\/boxes\.js:13 is plausible but not trusted \(0\.\d\d, less than 1\)/),
  });
});

it('is cancelled while it searches, and the next attempt goes on where it was', { timeout: 120_000 }, async () => {
  await using rig = await fixRig(boxes, { policy: { maxCandidates: 1, searchBudgetMs: 9_000 } });
  const diagnosis = await rig.diagnose(await brimful(rig));
  const controller = new AbortController();
  const heartbeat = (line?: string): void => {
    if (line?.includes('edits tried')) controller.abort();
  };
  const stopped = { ...rig, ports: { ...rig.ports, beat: { ...rig.ports.beat, signal: controller.signal, heartbeat } } };
  await expect(generateFix(stopped, diagnosis)).rejects.toMatchObject({ code: 'CANCELLED' });
  const journals = join(rig.ports.project.dataDir, 'repair');
  const [journal = ''] = await readdir(journals);
  expect((await readFile(join(journals, journal), 'utf8')).split('\n').length).toBeGreaterThan(10);
  const { search } = await generateFix(rig, diagnosis);
  expect(search.found).toBe(true);
  expect(await readdir(journals)).toEqual([]);
});
