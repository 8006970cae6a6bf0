import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { killWhileSending } from './otlp-kill.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-otlp-kill-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('has every acknowledged span in the lake once, though `up` is killed while an SDK sends', async () => {
  const figures = await killWhileSending(folder, { spans: 6_000, kills: 2 });
  expect(figures).toMatchObject({ acknowledged: 6_000, stored: 6_000, lost: 0, doubled: 0, kills: 2 });
  expect(figures.repeated).toBeGreaterThan(0);
});
