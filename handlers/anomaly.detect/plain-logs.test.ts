import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomFrom } from '@selfheal/anomaly/testing';
import { expect, test } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { watchRepository } from './testing/watched-repository.ts';

const START = Date.UTC(2026, 4, 4, 9);
const MINUTE = 60_000;

/** A worker's log: stamps, levels, words; no request, no trace, no release. `extra` lines come from minute 28 on. */
function workerLog(seed: number, extra: (random: () => number) => string | undefined): string {
  const random = randomFrom(seed);
  const some = (most: number): number => Math.floor(random() * most);
  const kinds = [
    () => `INFO worker ${some(8)} picked job ${some(1e6)}`,
    () => `INFO worker ${some(8)} finished job ${some(1e6)} for customer c-${some(1e5)}`,
    () => `INFO cache holds ${some(9_000)} entries`,
    () => `INFO heartbeat from 10.0.${some(9)}.${some(250)}:7001`,
    () => `WARN queue depth ${some(400)} is above 100`,
  ];
  const lines = Array.from({ length: 40 * 30 }, (_, nth) => {
    const time = START + nth * 2_000 + some(1_500);
    const line = time >= START + 28 * MINUTE && random() < 0.2 ? extra(random) : undefined;
    return `${new Date(time).toISOString()} ${line ?? kinds[Math.floor(random() ** 2 * kinds.length)]?.()}`;
  });
  return `${lines.join('\n')}\n`;
}

async function sweepOf(log: string, config: Record<string, unknown> = {}) {
  const watched = await watchRepository(buildShopRepo, config);
  await mkdir(join(watched.root, '../logs'), { recursive: true });
  await writeFile(join(watched.root, '../logs/worker.log'), log);
  await watched.ingest(join(watched.root, '../logs/worker.log'));
  return { ...(await watched.sweep()), [Symbol.asyncDispose]: () => watched[Symbol.asyncDispose]() };
}

test('a new kind of warning in a plain log is one finding that cites its lines, and opens no incident', async () => {
  await using swept = await sweepOf(
    workerLog(1, (random) => `WARN replica ${Math.floor(random() * 3)} lags behind by ${Math.floor(random() * 90)} s`),
  );
  const found = swept.anomalies.filter(({ detector }) => detector === 'log-patterns');
  expect(found.map(({ title }) => title)).toContainEqual(expect.stringMatching(/New kind of log line: "replica <\*> lags behind by <\*>/));
  const [finding] = found;
  expect(finding?.evidence[0]?.text).toMatch(/replica \d lags behind/);
  expect(finding?.description).toMatch(/since 2026-05-04T09:2\d/);
  expect(swept.stored).toMatchObject({ incidents: [], findings: found.map(({ id }) => id) });
  expect(swept.completed.healthy).toBe(true);
});

test('what an error tells already is not told again', async () => {
  await using swept = await sweepOf(workerLog(2, () => 'ERROR the printer is on fire'));
  expect(swept.anomalies.map(({ detector }) => detector)).toEqual(['errors-by-cause']);
});

test.each([3, 4, 5])('a plain log that goes on as it began gives nothing (seed %d)', async (seed) => {
  await using swept = await sweepOf(workerLog(seed, () => undefined));
  expect(swept.anomalies).toEqual([]);
});

test('an objective of the configuration is measured and told when its budget burns', async () => {
  const lines = Array.from({ length: 600 }, (_, nth) => {
    const isBad = nth > 500 && nth % 2 === 0;
    return JSON.stringify({
      level: 30,
      time: START + nth * 6_000,
      req: { method: 'GET', url: '/stock', route: '/stock', id: `r${nth}` },
      res: { statusCode: isBad ? 503 : 200 },
      responseTime: 4 + (nth % 3),
      msg: 'request completed',
    });
  });
  const slos = [{ name: 'stock', operation: 'GET /stock', availability: 0.99 }];
  await using swept = await sweepOf(`${lines.join('\n')}\n`, { slos });
  expect(swept.snapshot.objectives).toMatchObject([{ name: 'stock', kind: 'availability', target: 0.99 }]);
  expect(swept.anomalies).toContainEqual(
    expect.objectContaining({ detector: 'budget-burn', finding: true, title: expect.stringMatching(/^stock: the error budget burns/) }),
  );
});
