import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuildEngine, type BuildInput, type BuildTask, resolveTemporalBinary, startBuildEngine } from '../src/index.ts';

/** One engine for all; each test scripts what its tasks do. */
let engine: BuildEngine;
let dataDir: string;
let buildTask: BuildTask;
const notices: string[] = [];
const steered: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'selfheal-build-engine-'));
  engine = await startBuildEngine({
    dataDir,
    cacheDir: join(dataDir, 'cache'),
    taskQueue: 'builds',
    buildTask: (call, signal) => buildTask(call, signal),
    signal: new AbortController().signal,
    steer: ({ control }) => void steered.push(control.kind),
    binary: async () => (await resolveTemporalBinary({ env: process.env })).path,
    onNotice: (line) => notices.push(line),
  });
}, 60_000);

afterAll(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const inputOf = (graph: Readonly<Record<string, readonly string[]>>, change: Partial<BuildInput> = {}): BuildInput => ({
  buildId: 'b',
  tasks: Object.entries(graph).map(([id, dependsOn]) => ({ id, dependsOn, timeoutMs: 60_000 })),
  concurrency: 2,
  onFailure: 'continue',
  durations: {},
  mostEvents: 20_000,
  ...change,
});

async function build(name: string, input: BuildInput) {
  await engine.start(name, input);
  return engine.result(name);
}

test('runs exactly as many at once as asked for, results handed on, through runs that are continued as new', async () => {
  const ids = Array.from({ length: 24 }, (_, at) => `t${at}`);
  const graph = Object.fromEntries(ids.map((id, at) => [id, at < 8 ? [] : [`t${at - 8}`, `t${at - 7}`]]));
  const calls: string[] = [];
  const trace: number[] = [];
  let running = 0;
  buildTask = async ({ id, upstream }) => {
    calls.push(id);
    expect(upstream).toEqual(Object.fromEntries((graph[id] ?? []).map((other) => [other, `result of ${other}`])));
    running += 1;
    trace.push(running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running -= 1;
    return { outcome: 'done', result: `result of ${id}` };
  };
  const state = await build('exact', inputOf(graph, { concurrency: 3, mostEvents: 40 }));
  expect(new Set(Object.values(state.states))).toEqual(new Set(['done']));
  expect(calls.toSorted()).toEqual(ids.toSorted());
  expect(Math.max(...trace)).toBe(3);
});

test('does not ask for tasks whose end it was told of', async () => {
  const calls: string[] = [];
  const others = { b: { outcome: 'done', result: 'of b' }, c: { outcome: 'failed' } } as const;
  buildTask = async ({ id, upstream }) => {
    calls.push(`${id} ${JSON.stringify(upstream)}`);
    return { outcome: 'done', result: `of ${id}`, ...(id === 'a' ? { others } : {}) };
  };
  const { states } = await build('told', inputOf({ a: [], b: ['a'], c: ['a'], d: ['b'], e: ['c'] }));
  expect(states).toEqual({ a: 'done', b: 'done', c: 'failed', d: 'done', e: 'blocked' });
  expect(calls).toEqual(['a {}', 'd {"b":"of b"}']);
});

test('a failed task blocks what needs it, an activity that throws is one, and a retry opens both again', async () => {
  const failing = new Set(['bad', 'thrown']);
  const release = Promise.withResolvers<void>();
  buildTask = async ({ id }) => {
    if (id === 'thrown' && failing.has(id)) throw new Error('no such task');
    if (id === 'slow') await release.promise;
    return { outcome: failing.has(id) ? 'failed' : 'done' };
  };
  await engine.start('retry', inputOf({ bad: [], next: ['bad'], thrown: [], last: ['next', 'thrown'], slow: [] }));
  await expect
    .poll(async () => (await engine.state('retry')).states)
    .toEqual({
      bad: 'failed',
      next: 'blocked',
      thrown: 'failed',
      last: 'blocked',
      slow: 'running',
    });
  failing.clear();
  await engine.control('retry', { kind: 'retry-failed' });
  release.resolve();
  expect(new Set(Object.values((await engine.result('retry')).states))).toEqual(new Set(['done']));
});

test('pauses, resumes, runs more at once, and stops what runs when cancelled', async () => {
  const release = Promise.withResolvers<void>();
  let running = 0;
  buildTask = async (_call, signal) => {
    running += 1;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([release.promise, stopped]);
    running -= 1;
    return { outcome: signal.aborted ? 'cancelled' : 'done' };
  };
  const graph = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`t${at}`, []]));
  await engine.start('steered', inputOf(graph));
  await expect.poll(() => running).toBe(2);
  expect(await engine.control('steered', { kind: 'concurrency', concurrency: 4 })).toMatchObject({ concurrency: 4 });
  await expect.poll(() => running).toBe(4);
  expect(await engine.control('steered', { kind: 'pause' })).toMatchObject({ paused: true });
  await engine.control('steered', { kind: 'concurrency', concurrency: 8 });
  expect(Object.values((await engine.state('steered')).states).filter((state) => state === 'running')).toHaveLength(4);
  await engine.control('steered', { kind: 'resume' });
  await expect.poll(() => running).toBe(8);
  await expect(engine.control('steered', { kind: 'concurrency', concurrency: 0 })).rejects.toThrow();
  await engine.control('steered', { kind: 'cancel' });
  expect(steered.slice(-5)).toEqual(['concurrency', 'pause', 'concurrency', 'resume', 'cancel']);
  const { states } = await engine.result('steered');
  expect(Object.values(states).toSorted()).toEqual([...Array(8).fill('cancelled'), 'ready']);
}, 30_000);

test('a server that is killed is started again, and the build goes on', async () => {
  const release = Promise.withResolvers<void>();
  const calls: string[] = [];
  buildTask = async ({ id }) => {
    calls.push(id);
    if (id === 'second') await release.promise;
    return { outcome: 'done' };
  };
  await engine.start('outlived', inputOf({ first: [], second: ['first'], third: ['second'] }));
  await expect.poll(() => calls).toEqual(['first', 'second']);
  process.kill(Number(await readFile(join(dataDir, 'server.pid'), 'utf8')), 'SIGKILL');
  await expect.poll(() => notices).toEqual(['the Temporal server ended; starting it again']);
  release.resolve();
  expect((await engine.result('outlived')).states).toEqual({ first: 'done', second: 'done', third: 'done' });
  expect(calls.filter((id) => id === 'first')).toHaveLength(1);
}, 60_000);
