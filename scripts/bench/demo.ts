import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSelfHealing } from 'selfheal';
import { openShop } from '../demo/shop.ts';
import type { Row } from './table.ts';

const TRAFFIC_MS = 10_000;

/** The demo's four heals, second by second of each sequence. */
export async function runDemoBench(folder: string): Promise<Row[]> {
  const shop = await openShop({ folder: join(folder, 'demo'), requestsPerSecond: 40, seed: 11 });
  const healing = await (async () => {
    await shop.ship('v1.4.0');
    await delay(TRAFFIC_MS);
    await shop.ship('v1.5.0');
    await delay(TRAFFIC_MS);
    return createSelfHealing({
      repo: shop.repo,
      env: process.env,
      config: { logs: [shop.logFile], deploy: { command: shop.deployCommand } },
    });
  })();
  const seconds = new Map<string, Readonly<Record<string, number>>>();
  healing.on('state', (state) => seconds.set(`${state.type}: ${state.status}`, state.durationsMs));
  try {
    await healing.start();
    const outcome = await healing.healLogs({ paths: [shop.logFile] });
    const rows: Row[] = Object.entries(outcome.durations).map(([what, ms]) => ({ what: `all: ${what}`, value: ms / 1_000, unit: 's' }));
    for (const [heal, durations] of seconds) {
      if (!/healed|merged|inconclusive/.test(heal)) continue;
      for (const [sequence, ms] of Object.entries(durations)) rows.push({ what: `${heal}: ${sequence}`, value: ms / 1_000, unit: 's' });
    }
    return rows;
  } finally {
    await healing.stop();
    await shop.stop();
  }
}
