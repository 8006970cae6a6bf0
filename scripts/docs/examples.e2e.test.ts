import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeOrdersRepository, type OrdersRepository, ordersLog } from '@selfheal/testkit';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EXAMPLES = resolve(import.meta.dirname, '../../docs/examples');

describe('the examples, run as their pages say', () => {
  let orders: OrdersRepository;
  let log: string;
  const run = (example: string) => execa(process.execPath, [join(EXAMPLES, example), orders.root, log], { reject: false });

  beforeAll(async () => {
    orders = await makeOrdersRepository();
    log = `${orders.root}.log`;
    await writeFile(log, ordersLog({ stack: orders.stack, healthy: 40, failing: 4, start: Date.now() - 60_000 }));
  });
  afterAll(async () => {
    await rm(orders.root, { recursive: true, force: true });
    await rm(log, { force: true });
  });

  it('heatmap.ts draws the operations of a log', async () => {
    const { stdout, exitCode } = await run('heatmap.ts');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^POST \/orders\/label │.+│ p50 \d+\.\d ms/m);
  });

  it('embed.ts heals within its own process, and refuses a change of code as its host says', async () => {
    const head = await orders.git('rev-parse', 'main');
    const { stdout, exitCode } = await run('embed.ts');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('+++ b/lib/label.js');
    expect(stdout).toContain('rejected by host policy: changes code');
    expect(await orders.git('rev-parse', 'main')).toBe(head);
  });
});
