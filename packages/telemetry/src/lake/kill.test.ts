import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@selfheal/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BATCH_EVENTS, sourceEvents } from '../../test/lake/numbered-source.ts';
import { batchPath } from './batch-path.ts';
import { openLake } from './open-lake.ts';

const ROUNDS = 12;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-lake-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('holds every acknowledged batch exactly once after many kills and torn files', async () => {
  const script = join(import.meta.dirname, '../../test/lake/ingest-for-ever.ts');
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const offsets = await killAfter(child, 1 + (round % 4), Math.random() * 40);
    acknowledged = Math.max(acknowledged, ...offsets);
    await tearUncommitted();
  }
  const store = await openStore({ dataDir: join(folder, 'data') });
  const lake = await openLake({ dir: join(folder, 'lake'), records: store.records });
  const { offset } = await store.records.need('sourceOffset', 'source');
  expect(offset).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(ROUNDS * 40);
  const events = await lake.events({ projectId: 'p' });
  expect(events.map((event) => event.text)).toEqual(Array.from({ length: offset }, (_, number) => `event number ${number}`));
  expect(await store.records.count('quarantined')).toBe(0);
  lake.close();
  await store.close();
});

/** Kills the process so many acknowledgements and milliseconds later; returns the acknowledged offsets. */
async function killAfter(child: ChildProcess, lines: number, delayMs: number): Promise<number[]> {
  const offsets: number[] = [];
  const enough = Promise.withResolvers<void>();
  if (child.stdout === null) throw new Error('no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    offsets.push(Number(line));
    if (offsets.length >= lines) enough.resolve();
  });
  const closed = once(child, 'close');
  await Promise.race([enough.promise, closed]);
  await sleep(delayMs);
  child.kill('SIGKILL');
  await closed;
  return offsets;
}

/** A power loss may tear what no catalogue row names yet: a cut file has the name of the next batch, and another a temporary name. */
async function tearUncommitted(): Promise<void> {
  const store = await openStore({ dataDir: join(folder, 'data') });
  const [last] = await store.records.list('batch', { orderBy: { field: 'to', direction: 'desc' }, limit: 1 });
  const offset = (await store.records.get('sourceOffset', 'source'))?.offset;
  await store.close();
  if (last === undefined || offset === undefined) return;
  const next = offset + BATCH_EVENTS;
  const time = sourceEvents(offset, next)[0]?.time ?? 0;
  const torn = join(folder, 'lake', batchPath('p', `source-${offset}-${next}`, time));
  mkdirSync(dirname(torn), { recursive: true });
  for (const path of [torn, `${torn}.1-torn.tmp`]) {
    copyFileSync(join(folder, 'lake', last.file), path);
    truncateSync(path, 150);
  }
}
