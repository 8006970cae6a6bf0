import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planOf } from '../run/leading-build-for-tests.ts';
import { type BuildChange, ChangeStream } from './change-stream.ts';
import { followChanges } from './follow-changes.ts';

async function openStream(buildId = 'build-1') {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-changes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const stream = new ChangeStream({ folder, buildId, startedAt: new Date(0), plan: planOf({ b: ['a'], a: [] }), concurrency: 2 });
  return { folder, stream };
}

test('who looks on is told of each change, from the beginning, while the build runs', async () => {
  const { folder, stream } = await openStream();
  stream.take({ kind: 'started', id: 'a', atMs: 0 });
  await expect.poll(() => existsSync(join(folder, 'runs/build-1/changes.jsonl'))).toBe(true);
  const changes = await followChanges(folder, new AbortController().signal);
  const told: BuildChange[] = [];
  for await (const change of changes ?? []) {
    told.push(change);
    if (change.kind !== 'task' || change.state !== 'running') continue;
    stream.take({ kind: 'ended', result: { id: 'a', state: 'failed', startedMs: 1, endedMs: 5, blockedBy: [] }, log: '' });
    stream.take({ kind: 'ended', result: { id: 'b', state: 'blocked', blockedBy: ['a'] }, log: '' });
    stream.close();
  }
  expect(told).toEqual([
    {
      kind: 'begun',
      buildId: 'build-1',
      at: 0,
      pid: process.pid,
      concurrency: 2,
      tasks: [
        { id: 'b', dependsOn: ['a'] },
        { id: 'a', dependsOn: [] },
      ],
    },
    { kind: 'task', at: expect.any(Number), id: 'a', state: 'running' },
    { kind: 'task', at: expect.any(Number), id: 'a', state: 'failed', tookMs: 4 },
    { kind: 'task', at: expect.any(Number), id: 'b', state: 'blocked' },
    { kind: 'over', at: expect.any(Number) },
  ]);
});

test('a build in which nothing was run leaves nothing, and nobody is told', async () => {
  const { folder, stream } = await openStream();
  stream.take({ kind: 'ended', result: { id: 'a', state: 'cached', blockedBy: [] }, log: '' });
  stream.close();
  expect(await followChanges(folder, new AbortController().signal)).toBeUndefined();
});
