/** One thread's part of the telemetry bench: the beats of telemetry.parse over one file, each stage timed. Run as a worker or called. */

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type BeatName, beats, type MinerState, type Ports, selfhealConfig, sequences, type TelemetrySlice } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { createBlobs, openStore } from '@selfheal/store';
import { mergeSlices, openLake, openLogSources, PARSE_MEMORY } from '@selfheal/telemetry';
import type { AnyHandler, Beat } from '@selfheal/temporal/beat';
import { runDerivingBeat, valuesOfBeats } from '@selfheal/temporal/deriving-beat';

/** As the launcher of the command sets it. */
export const HEAP_FLAGS = ['--heap-growing-percent=200', '--no-parallel-scavenge'];

export interface RunRequest {
  /** An empty folder of the run; the log lies in it. */
  readonly folder: string;
  readonly log: string;
  readonly maxBytes: number;
  /** Until so many records are stored, the thread loads and compiles its code: what that takes is told apart. Default none. */
  readonly warmUpRecords?: number;
}

export interface RunResult {
  readonly records: number;
  /** Of these, those of the warm-up, and the milliseconds of processor time that it took. */
  readonly warmUp: { readonly records: number; readonly ms: number };
  /** From the first stage to the end of the last; what a thread takes to start is left out. */
  readonly ms: number;
  /** Milliseconds of processor time of the whole process by stage, after the warm-up: DuckDB's threads and those of the garbage collector count. */
  readonly stages: Readonly<Record<string, number>>;
  /** All that was aggregated, as one. */
  readonly slice: TelemetrySlice;
  readonly miner: MinerState;
}

/** Through the same beats, contracts and claim check as in the thread of the product, without the engine that calls them. */
export async function runTelemetry({ folder, log, maxBytes, warmUpRecords = 0 }: RunRequest): Promise<RunResult> {
  const known = await telemetryBeats();
  const store = await openStore({ dataDir: join(folder, 'data') });
  const { records } = store;
  const lake = await openLake({ dir: join(folder, 'lake'), records, memoryLimitMb: PARSE_MEMORY.lakeMb });
  const config = selfhealConfig.parse({});
  const sources = openLogSources({ journalDir: join(folder, 'journal'), records, projectRoot: folder, config });
  const ports = portsOf({ records, lake, sources, project: { id: 'bench', root: folder, dataDir: folder, config } });
  const values = valuesOfBeats(createBlobs({ dir: join(folder, 'blobs') }), known, () => ports);
  let stages: Record<string, number> = {};
  let warmUp = { records: 0, ms: 0 };
  const run = async (stage: string, handler: BeatName, input: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const beat = known.get(handler);
    if (beat === undefined) throw new TypeError(`no beat ${handler}`);
    const before = process.cpuUsage();
    const output = await runDerivingBeat(beat, input, values, ports);
    const { user, system } = process.cpuUsage(before);
    stages[stage] = (stages[stage] ?? 0) + (user + system) / 1_000;
    return Object.fromEntries(Object.entries(Object(output)));
  };
  const projectId = 'bench';
  const slices: TelemetrySlice[] = [];
  let total = 0;
  const begun = performance.now();
  try {
    for (let more = true; more; ) {
      const loaded = await run('read, redact, journal', 'loadLogFiles', { projectId, paths: [log], maxBytes });
      const { segments, rejected } = loaded;
      const extracted = await run('decode', 'extractTelemetryEvents', { projectId, segments });
      const normalised = await run('normalise, mine', 'normalizeTelemetryData', { events: extracted.events, miner: extracted.miner });
      const { events, miner } = normalised;
      const aggregated = await run('aggregate', 'aggregateTelemetryMetrics', { events });
      const input = { projectId, segments, rejected, events, slices: aggregated.slices, miner };
      const stored = await run('write', 'storeTelemetryDatabase', input);
      total += beats.storeTelemetryDatabase.output.parse(stored).stored;
      more = loaded.more === true;
      if (warmUp.records === 0 && warmUpRecords > 0 && total >= warmUpRecords) {
        warmUp = { records: total, ms: sumOf(stages) };
        stages = {};
      }
    }
    const ms = performance.now() - begun;
    for (const { slice } of await records.list('slice')) slices.push(slice);
    const miner = (await records.get('miner', projectId))?.state ?? { version: 0, templates: [] };
    return { records: total, warmUp, ms, stages, slice: mergeSlices(slices), miner };
  } finally {
    lake.close();
    await store.close();
  }
}

export function sumOf(stages: RunResult['stages']): number {
  return Object.values(stages).reduce((sum, ms) => sum + ms, 0);
}

async function telemetryBeats(): Promise<ReadonlyMap<string, Beat>> {
  const handlers = new Map(Object.entries(await loadHandlers['telemetry.parse']()) as [string, AnyHandler][]);
  const contracts = Object.entries(sequences['telemetry.parse']);
  return new Map(
    contracts.flatMap(([handler, contract]) => {
      const run = handlers.get(handler);
      return run === undefined ? [] : [[handler, { handler, contract, kind: contract.kind, run }] as const];
    }),
  );
}

function portsOf(known: Pick<Ports, 'records' | 'lake' | 'sources' | 'project'>): Ports {
  const beat: Ports['beat'] = {
    workflowId: 'bench',
    sequence: 'telemetry.parse',
    beat: 'bench',
    attempt: 1,
    key: 'bench',
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  };
  const ports: Partial<Ports> = { ...known, beat, clock: { now: () => Date.now() } };
  return new Proxy(ports, {
    get: (target, name) => {
      if (!(name in target)) throw new TypeError(`the bench has no port ${String(name)}`);
      return Reflect.get(target, name);
    },
  }) as Ports;
}

/** Where another file runs this one's function in its own thread, that thread is not meant. */
if (!isMainThread && import.meta.main && parentPort !== null) parentPort.postMessage(await runTelemetry(workerData));
