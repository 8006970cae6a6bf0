import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { buildRecorder } from '../pack/build.ts';
import { Load } from './recorder/load.ts';
import { median, type Row } from './table.ts';

const ROUNDS = 24;
const SLICE_MS = 800;
const WARM_MS = 2_000;
/** Errors are rare: one request in so many fails. */
const RARE = 2_000;
const STARTS = 7;
const ROOT = join(import.meta.dirname, '../..');

/**
 * What the recorder costs a service, compiled as it is published. With and without it stand side by side and are loaded in turns of less than a second, so that a busy
 * machine slows both; a figure is the median over the pairs of turns.
 */
export async function runRecorderBench(folder: string): Promise<Row[]> {
  const recorder = pathToFileURL(join(await buildRecorder(ROOT, folder), 'dist/index.js')).href;
  const rows: Row[] = [];
  for (const framework of ['http', 'fastify'] as const) {
    const rare = await compare({ folder, recorder }, framework, RARE);
    rows.push({ what: `${framework}: requests a second without it`, value: rare.plainPerSecond, unit: '/s' });
    rows.push({ what: `${framework}: throughput lost, 1 request in ${RARE} fails`, value: rare.lostPercent, unit: '%', bound: 3 });
    rows.push({ what: `${framework}: processor time added a request`, value: rare.addedCpuPercent, unit: '%' });
  }
  const storm = await compare({ folder, recorder }, 'fastify', 1);
  rows.push({ what: 'fastify: throughput lost where every request fails', value: storm.lostPercent, unit: '%' });
  rows.push({ what: '  errors recorded of them', value: storm.recorded, unit: `of ${storm.failed}` });
  rows.push({ what: 'start of a process, added', value: await addedStartMs({ folder, recorder }), unit: 'ms' });
  return rows;
}

interface Place {
  readonly folder: string;
  /** URL of the recorder's entry. */
  readonly recorder: string;
}

interface Comparison {
  readonly plainPerSecond: number;
  readonly lostPercent: number;
  readonly addedCpuPercent: number;
  readonly recorded: number;
  readonly failed: number;
}

async function compare(place: Place, framework: 'http' | 'fastify', failEvery: number): Promise<Comparison> {
  const file = join(place.folder, `${framework}-${failEvery}.ndjson`);
  const plain = await startService(framework, failEvery, undefined, file);
  const recorded = await startService(framework, failEvery, place.recorder, file);
  const pairs: { plain: Turn; recorded: Turn }[] = [];
  let failed = 0;
  try {
    for (const side of [plain, recorded]) await side.turn(WARM_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      // Who goes first takes turns too.
      const first = round % 2 === 0 ? plain : recorded;
      const second = first === plain ? recorded : plain;
      const [a, b] = [await first.turn(SLICE_MS), await second.turn(SLICE_MS)];
      pairs.push(first === plain ? { plain: a, recorded: b } : { plain: b, recorded: a });
      failed += Math.floor(pairs.at(-1)?.recorded.answered ?? 0) / failEvery;
    }
  } finally {
    await plain.stop();
    await recorded.stop();
  }
  return {
    plainPerSecond: median(pairs.map((pair) => (pair.plain.answered / SLICE_MS) * 1_000)),
    lostPercent: 100 * (1 - median(pairs.map((pair) => pair.recorded.answered / pair.plain.answered))),
    addedCpuPercent:
      100 * (median(pairs.map((pair) => pair.recorded.cpuMs / pair.recorded.answered / (pair.plain.cpuMs / pair.plain.answered))) - 1),
    recorded: (await readFile(file, 'utf8').catch(() => '')).split('"selfheal.error"').length - 1,
    failed: Math.round(failed),
  };
}

interface Turn {
  readonly answered: number;
  readonly cpuMs: number;
}

interface Service {
  turn(ms: number): Promise<Turn>;
  stop(): Promise<void>;
}

async function startService(framework: string, failEvery: number, recorder: string | undefined, file: string): Promise<Service> {
  const child = start([join(import.meta.dirname, 'recorder/service.mjs'), framework], recorder, file);
  const lines = createInterface({ input: child.stdout });
  const { port } = await nextLine(lines);
  const load = new Load(port ?? 0, failEvery);
  const cpu = async (): Promise<number> => {
    child.stdin.write('\n');
    return (await nextLine(lines)).cpuMs ?? 0;
  };
  return {
    async turn(ms) {
      const before = await cpu();
      const answered = await load.run(ms);
      return { answered, cpuMs: (await cpu()) - before };
    },
    async stop() {
      load.close();
      child.kill('SIGKILL');
      await child;
    },
  };
}

async function nextLine(lines: Interface): Promise<{ port?: number; cpuMs?: number }> {
  const [line]: unknown[] = await once(lines, 'line');
  return JSON.parse(String(line));
}

function start(args: readonly string[], recorder: string | undefined, file: string) {
  const preload = recorder === undefined ? [] : ['--import', recorder];
  return execa(process.execPath, [...preload, ...args], { reject: false, stderr: 'ignore', env: { SELFHEAL_RECORDER_FILE: file } });
}

/** From the start of a process that does nothing to its end: the median with the recorder less that without. */
async function addedStartMs({ folder, recorder }: Place): Promise<number> {
  const times: { on: number[]; off: number[] } = { on: [], off: [] };
  for (let round = 0; round < STARTS; round += 1) {
    for (const side of ['off', 'on'] as const) {
      const from = performance.now();
      await start(['--eval', '0'], side === 'on' ? recorder : undefined, join(folder, 'starts.ndjson'));
      times[side].push(performance.now() - from);
    }
  }
  return median(times.on) - median(times.off);
}
