import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockBuild } from './build-lock.ts';

const NEVER = new AbortController().signal;

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'selfheal-lock-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('one at a time, each tells once whom it waits for', async () => {
  const where = await folder();
  const waits: number[] = [];
  let inside = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3].map(async () => {
      const release = await lockBuild(where, NEVER, (pid) => waits.push(pid));
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      await release?.();
    }),
  );
  expect([most, new Set(waits)]).toEqual([1, new Set([process.pid])]);
  expect(await readdir(where)).toEqual([]);
});

test('takes over from a process that is gone, or whose number another has by now', async () => {
  for (const owner of ['999999999 1', `${process.pid} 1`, 'nonsense']) {
    const where = await folder();
    await writeFile(join(where, 'lock'), owner);
    const release = await lockBuild(where, NEVER, () => undefined);
    await release?.();
    expect([release === undefined, await readdir(where)]).toEqual([false, []]);
  }
});

test('gives up when told to', async () => {
  const where = await folder();
  const release = await lockBuild(where, NEVER, () => undefined);
  const stop = new AbortController();
  expect(await lockBuild(where, stop.signal, () => stop.abort())).toBeUndefined();
  await release?.();
});
