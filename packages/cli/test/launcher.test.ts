import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { selfheal } from './rig.ts';

it('keeps its modules compiled in the cache folder', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'selfheal-cache-'));
  const { exitCode } = await selfheal(['--version'], { env: { SELFHEAL_CACHE: cache, NODE_COMPILE_CACHE: '' } });
  expect(exitCode).toBe(0);
  const kept = await readdir(join(cache, 'compiled'), { recursive: true });
  expect(kept.length).toBeGreaterThan(10);
});
