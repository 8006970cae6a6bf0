import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killBuilds } from './kill-builds.ts';

test('a build that is killed goes on where it was: all is built, and nothing that was recorded is built again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-build-kill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const shape = { packages: 12, edges: 20, kills: 1, buildMs: [400, 1_200], concurrency: 2 } as const;
  expect(await killBuilds(folder, shape)).toMatchObject({ kills: 1, rebuilt: 0, missing: 0 });
}, 120_000);
