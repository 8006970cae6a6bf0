import { rm } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { estimate } from '@selfheal/build-graph';
import { type EmbeddedServer, resolveTemporalBinary, startEmbeddedServer } from '@selfheal/temporal';
import { execa } from 'execa';
import { median, type Row } from '../table.ts';
import { COMMAND, type Contestant, contestantsOf, installedPeers } from './contestants.ts';
import type { WorkspaceShape } from './generate-workspace.ts';
import { processorMsOfChildren } from './processor-time.ts';
import { requireAllBuilt } from './require-all-built.ts';

const SHAPES: Readonly<Record<string, WorkspaceShape>> = {
  '20/50': { packages: 20, edges: 50, seed: 42, buildMs: [50, 300] },
  '100/250': { packages: 100, edges: 250, seed: 42, buildMs: [50, 300] },
  '1000/3000': { packages: 1_000, edges: 3_000, seed: 42, buildMs: [50, 300] },
};
const NOTHING_TO_DO_BOUND: Readonly<Record<string, number>> = { '20/50': 0.12, '100/250': 0.18 };
const NAMESPACE = 'selfheal';

/**
 * `npm run bench build [--shapes 20/50,100/250] [--slots 2,4,10] [--repetitions 5] [--peers none] [--server none]`: whole commands, cold,
 * over the optimum, which is list scheduling of the same graph at no cost; and builds with nothing to do. Contestants take turns within a
 * repetition, so that a load of the machine meets all of them; the commands alone, with no task runner, show what it does.
 */
export async function runBuildBench(folder: string): Promise<Row[]> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ strict: false, options: { shapes: text, slots: text, repetitions: text, peers: text, server: text } });
  const shapes = String(values.shapes ?? '20/50,100/250').split(',');
  const slots = String(values.slots ?? '2,4,10')
    .split(',')
    .map(Number);
  const repetitions = Number(values.repetitions ?? 5);
  const peers = values.peers === 'none' ? [] : await installedPeers(folder);
  const server = values.server === 'none' ? undefined : await startServer(folder);
  const rows: Row[] = [];
  try {
    for (const name of shapes) {
      const shape = SHAPES[name];
      if (shape === undefined) throw new Error(`there is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}`);
      const running = server && { server: { address: server.address, namespace: NAMESPACE } };
      const contestants = await contestantsOf(join(folder, name.replace('/', '-')), { shape, peers, ...running });
      for (const concurrency of slots) {
        const found = await race(name, contestants, concurrency, repetitions);
        // Long runs are looked at before their end.
        for (const { what, value, unit } of found) process.stderr.write(`${what}: ${value.toFixed(2)} ${unit}\n`);
        rows.push(...found);
      }
      rows.push(await nothingToDo(name, contestants, repetitions));
    }
  } finally {
    await server?.stop();
  }
  return [...rows, { what: `load of the last minute, on ${availableParallelism()} processors`, value: loadavg()[0] ?? 0, unit: '' }];
}

async function startServer(folder: string): Promise<EmbeddedServer> {
  const { path } = await resolveTemporalBinary({ env: process.env });
  return startEmbeddedServer({ binary: path, dataDir: join(folder, 'server'), namespace: NAMESPACE, ui: false });
}

async function race(shape: string, contestants: readonly Contestant[], concurrency: number, repetitions: number): Promise<Row[]> {
  const [first] = contestants;
  if (first === undefined) return [];
  const { graph, durations } = first.workspace;
  const optimum = estimate({ graph, concurrency, durations }) ?? Number.NaN;
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const processor = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const { name, workspace, build } of contestants) {
      await clean(workspace.root);
      const usedBefore = processorMsOfChildren();
      const began = performance.now();
      await build(concurrency);
      times.get(name)?.push(performance.now() - began);
      const used = processorMsOfChildren();
      if (used !== undefined && usedBefore !== undefined) processor.get(name)?.push((used - usedBefore) / graph.ids.length);
      await requireAllBuilt(workspace, name);
    }
  }
  return [
    { what: `${shape}, N=${concurrency}: optimum`, value: optimum / 1_000, unit: 's' },
    ...contestants.flatMap(({ name }): Row[] => {
      const used = processor.get(name) ?? [];
      return [
        { what: `  ${name}`, value: median(times.get(name) ?? []) / optimum, unit: 'x' },
        ...(used.length === 0 ? [] : [{ what: '    processor time a package', value: median(used), unit: 'ms' }]),
      ];
    }),
  ];
}

async function nothingToDo(shape: string, contestants: readonly Contestant[], repetitions: number): Promise<Row> {
  const ours = contestants.find(({ name }) => name.startsWith('selfheal'));
  if (ours === undefined) throw new Error('selfheal itself is no contestant');
  await ours.build(10);
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const began = performance.now();
    await execa(process.execPath, [COMMAND, 'build', '--quiet'], { cwd: ours.workspace.root });
    times.push(performance.now() - began);
  }
  const bound = NOTHING_TO_DO_BOUND[shape];
  return { what: `${shape}: nothing to do`, value: median(times) / 1_000, unit: 's', ...(bound === undefined ? {} : { bound }) };
}

/** As cloned, but for the programs of the peer and its settings. */
async function clean(root: string): Promise<void> {
  await rm(join(root, '.selfheal'), { recursive: true, force: true });
  await execa('find', ['packages', '-name', 'dist', '-prune', '-exec', 'rm', '-rf', '{}', '+'], { cwd: root });
}
