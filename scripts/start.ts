/**
 * `npm start [-- --once]`: heals the sample incident live. Builds the shop repository, runs its good release under traffic, ships the
 * faulty one, and lets selfheal heal all that goes wrong. Stays up with Temporal's UI; with --once it ends, with 0 only if all four
 * incidents were verified as healed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createHealView, printSummary, type Terminal } from '@selfheal/cli';
import { createSelfHealing, healReport, VERSION } from 'selfheal';
import { openShop } from './demo/shop.ts';

const GOOD_TRAFFIC_MS = 9_000;
const FAULTY_TRAFFIC_MS = 12_000;
const REQUESTS_PER_SECOND = 40;
const EXPECTED = ['behavioral', 'coverage', 'error', 'performance'];

const { values: options } = parseArgs({
  options: { once: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
const terminal: Terminal = {
  signal: controller.signal,
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};
process.exitCode = await demo();

async function demo(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-demo-'));
  const shop = await openShop({ folder, requestsPerSecond: REQUESTS_PER_SECOND, seed: 7 });
  try {
    say(`A shop runs from ${shop.repo}`);
    await shop.ship('v1.4.0');
    say(`Release v1.4.0 serves traffic at ${shop.url} …`);
    await delay(GOOD_TRAFFIC_MS, undefined, { signal: controller.signal });
    await shop.ship('v1.5.0');
    say('Release v1.5.0 is out: its tests are green, its traffic is not …');
    await delay(FAULTY_TRAFFIC_MS, undefined, { signal: controller.signal });
    return await heal(shop);
  } catch (error) {
    if (controller.signal.aborted) return 130;
    throw error;
  } finally {
    await shop.stop();
    if (!options.keep) await rm(folder, { recursive: true, force: true });
  }
}

async function heal(shop: Awaited<ReturnType<typeof openShop>>): Promise<number> {
  const healing = await createSelfHealing({
    repo: shop.repo,
    env: process.env,
    config: { logs: [shop.logFile], deploy: { command: shop.deployCommand }, verify: { windowMs: 60_000, minimumTraffic: 20 } },
  });
  const view = createHealView(terminal, healing, {});
  try {
    const started = performance.now();
    await view.phase(
      'Starting the engine',
      () => healing.start(),
      () => `Temporal UI at ${healing.uiUrl ?? 'the cluster'}`,
    );
    const outcome = await view.phase(
      'Healing',
      () => healing.healLogs({ paths: [shop.logFile], signal: controller.signal }),
      ({ incidents }) => `${incidents.length} incidents`,
    );
    const durations = { ...outcome.durations, total: Math.round(performance.now() - started) };
    const report = await healReport(healing.records, {
      incidentIds: outcome.incidents.map(({ id }) => id),
      findingIds: outcome.findings,
      durations,
      versions: { selfheal: VERSION, node: process.versions.node },
    });
    printSummary(terminal, report, { brief: false });
    const healed = report.incidents.filter(({ status }) => status === 'healed').map(({ type }) => type);
    const missing = [
      ...EXPECTED.filter((type) => !healed.includes(type)),
      ...report.incidents.filter(({ status }) => status !== 'healed').map(({ title }) => title),
    ];
    say(
      missing.length === 0 ? 'All incidents, of all four kinds, are healed and verified.' : `Not verified as healed: ${missing.join(', ')}`,
    );
    if (!options.once && !controller.signal.aborted) await stayUp(healing.uiUrl);
    return missing.length === 0 ? 0 : 1;
  } finally {
    view.close();
    await healing.stop();
  }
}

async function stayUp(uiUrl: string | undefined): Promise<void> {
  say(`The engine stays up${uiUrl === undefined ? '' : `: look at ${uiUrl}`} (Ctrl-C ends it)`);
  await new Promise((resolve) => controller.signal.addEventListener('abort', resolve, { once: true }));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
