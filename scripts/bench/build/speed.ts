import { access, rm } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { estimate } from '@selfheal/build-graph';
import { execa } from 'execa';
import { median, type Row } from '../table.ts';
import { type GeneratedWorkspace, generateWorkspace, type WorkspaceShape } from './generate-workspace.ts';
import { installPeer, lendPrograms, PEERS, type Peer } from './peers.ts';

const COMMAND = join(import.meta.dirname, '../../../packages/cli/bin/selfheal.js');
const SHAPES: Readonly<Record<string, WorkspaceShape>> = {
  '20/50': { packages: 20, edges: 50, seed: 42, buildMs: [50, 300] },
  '100/250': { packages: 100, edges: 250, seed: 42, buildMs: [50, 300] },
  '1000/3000': { packages: 1_000, edges: 3_000, seed: 42, buildMs: [50, 300] },
};

interface Contestant {
  readonly name: string;
  readonly workspace: GeneratedWorkspace;
  /** Builds all from nothing. */
  build(concurrency: number): Promise<void>;
}

/**
 * `npm run bench build [--shapes 20/50,100/250] [--slots 2,4,10] [--repetitions 5] [--peers none]`: whole commands, cold, over the optimum,
 * which is list scheduling of the same graph at no cost; and builds with nothing to do. Contestants take turns within a repetition.
 */
export async function runBuildBench(folder: string): Promise<Row[]> {
  const { values } = parseArgs({
    strict: false,
    options: { shapes: { type: 'string' }, slots: { type: 'string' }, repetitions: { type: 'string' }, peers: { type: 'string' } },
  });
  const shapes = String(values.shapes ?? '20/50,100/250').split(',');
  const slots = String(values.slots ?? '2,4,10')
    .split(',')
    .map(Number);
  const repetitions = Number(values.repetitions ?? 5);
  const peers = values.peers === 'none' ? [] : await installed(folder);
  const rows: Row[] = [];
  for (const name of shapes) {
    const shape = SHAPES[name];
    if (shape === undefined) throw new Error(`there is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}`);
    const contestants = await contestantsOf(join(folder, name.replace('/', '-')), shape, peers);
    for (const concurrency of slots) {
      const found = await race(name, contestants, concurrency, repetitions);
      // Long runs are looked at before their end.
      for (const { what, value, unit } of found) process.stderr.write(`${what}: ${value.toFixed(2)} ${unit}\n`);
      rows.push(...found);
    }
    rows.push(...(await nothingToDo(name, contestants, repetitions)));
  }
  return [...rows, { what: `load of the last minute, on ${availableParallelism()} processors`, value: loadavg()[0] ?? 0, unit: '' }];
}

async function race(shape: string, contestants: readonly Contestant[], concurrency: number, repetitions: number): Promise<Row[]> {
  const [first] = contestants;
  if (first === undefined) return [];
  const optimum = estimate({ graph: first.workspace.graph, concurrency, durations: first.workspace.durations }) ?? Number.NaN;
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const { name, workspace, build } of contestants) {
      await clean(workspace.root);
      const began = performance.now();
      await build(concurrency);
      times.get(name)?.push(performance.now() - began);
      await requireAllBuilt(workspace, name);
    }
  }
  const head: Row = { what: `${shape}, N=${concurrency}: optimum`, value: optimum / 1_000, unit: 's' };
  return [head, ...contestants.map(({ name }) => ({ what: `  ${name}`, value: median(times.get(name) ?? []) / optimum, unit: 'x' }))];
}

async function nothingToDo(shape: string, contestants: readonly Contestant[], repetitions: number): Promise<Row[]> {
  const [ours] = contestants;
  if (ours === undefined) return [];
  await ours.build(10);
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const began = performance.now();
    await execa(process.execPath, [COMMAND, 'build', '--quiet'], { cwd: ours.workspace.root });
    times.push(performance.now() - began);
  }
  return [
    {
      what: `${shape}: nothing to do`,
      value: median(times) / 1_000,
      unit: 's',
      ...(shape === '20/50' ? { bound: 0.12 } : shape === '100/250' ? { bound: 0.18 } : {}),
    },
  ];
}

async function contestantsOf(
  folder: string,
  shape: WorkspaceShape,
  peers: readonly { peer: Peer; programs: string }[],
): Promise<Contestant[]> {
  const ours = await generateWorkspace(join(folder, 'selfheal'), shape);
  const run =
    (...options: string[]) =>
    async (concurrency: number) => {
      await execa(process.execPath, [COMMAND, 'build', '--quiet', '--concurrency', String(concurrency), ...options], { cwd: ours.root });
    };
  const others: Contestant[] = [];
  for (const { peer, programs } of peers) {
    const workspace = await generateWorkspace(join(folder, peer.packages[0] ?? ''), shape);
    await lendPrograms(workspace.root, programs);
    await peer.prepare(workspace);
    const contestant: Contestant = { name: peer.name, workspace, build: (concurrency) => runPeer(peer, workspace.root, concurrency) };
    const why = await contestant.build(10).then(
      () => requireAllBuilt(workspace, peer.name).catch(String),
      (error: unknown) => (error instanceof Error ? error.message.slice(0, 500) : String(error)),
    );
    if (why === undefined) others.push(contestant);
    else process.stderr.write(`${peer.name} is left out, as it does not build: ${why}\n`);
  }
  return [
    { name: 'selfheal --no-durable', workspace: ours, build: run('--no-durable') },
    { name: 'selfheal, with the start of its server', workspace: ours, build: run() },
    ...others,
  ];
}

async function runPeer(peer: Peer, root: string, concurrency: number): Promise<void> {
  const [program = '', ...args] = peer.command(concurrency);
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  await execa(program, args, { cwd: root, env: { PATH: path, CI: '1', ...peer.env?.(concurrency) }, stdin: 'ignore' });
}

/** Those that can be installed here. */
async function installed(folder: string): Promise<{ peer: Peer; programs: string }[]> {
  const found: { peer: Peer; programs: string }[] = [];
  for (const peer of PEERS) {
    const programs = join(folder, 'peers', peer.packages[0] ?? '');
    const why = await installPeer(peer, programs);
    if (why === undefined) found.push({ peer, programs });
    else process.stderr.write(`${peer.name} is left out, as it cannot be installed: ${why}\n`);
  }
  return found;
}

/** As cloned, but for the programs of the peer and its settings. */
async function clean(root: string): Promise<void> {
  await rm(join(root, '.selfheal'), { recursive: true, force: true });
  await execa('find', ['packages', '-name', 'dist', '-prune', '-exec', 'rm', '-rf', '{}', '+'], { cwd: root });
}

async function requireAllBuilt({ root, graph }: GeneratedWorkspace, name: string): Promise<void> {
  for (const id of graph.ids)
    await access(join(root, 'packages', id, 'dist/out.txt')).catch(() => {
      throw new Error(`${name} ended without building ${id}`);
    });
}
