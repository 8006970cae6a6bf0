import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TelemetrySlice } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { markedReleases } from './marked-releases.ts';
import { readSlices } from './read-slices.ts';
import { watchRepository } from './testing/watched-repository.ts';

const mark = (name: string, at: number, marked?: boolean) => ({
  id: name,
  projectId: 'shop',
  name,
  at,
  ...(marked === undefined ? {} : { marked }),
});
const slice = (from: number, to: number, release = '') => ({ release, from, to, bucketStart: from }) as TelemetrySlice;

it('splits telemetry that names no release before and after a mark', () => {
  const marks = markedReleases([mark('v3', 300, true), mark('seen in a log', 150), mark('v2', 200, true)]);
  const releases = [slice(100, 199), slice(150, 240), slice(180, 290), slice(300, 310), slice(400, 410, 'own')].map(
    (one) => marks.slice(one).release,
  );
  expect(releases).toEqual(['', '', 'v2', 'v3', 'own']);
});

it('makes two releases of a log that names none', async () => {
  const from = 1_790_000_000_000;
  const line = (n: number) => `${JSON.stringify({ level: 30, time: from + n * 1_000, handler: 'pay', duration: 10, msg: 'paid' })}\n`;
  await using watched = await watchRepository(buildShopRepo);
  const log = join(watched.root, 'app.log');
  writeFileSync(log, Array.from({ length: 120 }, (_, n) => line(n)).join(''));
  await watched.ingest(log);
  await watched.ports.records.put('release', mark('v2', from + 60_000, true));
  const { ports, projectId } = watched;
  const window = { from, to: from + 120_000 };
  const slices = await readSlices(ports.records, projectId, window, ports.beat);
  const events = Map.groupBy(slices, ({ release }) => release);
  expect([...events].map(([release, own]) => [release, own.reduce((sum, { events: count }) => sum + count, 0)])).toEqual([
    ['', 60],
    ['v2', 60],
  ]);
});
