import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anomaly } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { boxesRepository } from './boxes-for-tests.ts';
import { errorAnomaly, type FixRig, fixRig, generateFix } from './fix-rig.ts';

/** Of an item that fills a box to the brim, an empty box is left behind, which a later step refuses. */
const boxes = boxesRepository(
  'load + item.weight >= capacity',
  "pack([item('a', 4), item('b', 5), item('c', 9)], 10), ['0: a, b', '1: c']",
);

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
