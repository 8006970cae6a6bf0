/** One thread's part of the telemetry bench: the beats of telemetry.parse over one file, each stage timed. Run as a worker or called. */

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type BeatOutput, type Ports, selfhealConfig, type TelemetrySlice } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { openStore } from '@selfheal/store';
import { mergeSlices, openLake, openLogSources } from '@selfheal/telemetry';

export interface RunRequest {
  /** An empty folder of the run; the log lies in it. */
  readonly folder: string;
  readonly log: string;
  readonly maxBytes: number;
}

export interface RunResult {
  readonly records: number;
  /** From the first stage to the end of the last; what a thread takes to start is left out. */
  readonly ms: number;
  /** Milliseconds by stage, on the thread that runs it. */
  readonly stages: Readonly<Record<string, number>>;
  /** All that was aggregated, as one. */
  readonly slice: TelemetrySlice;
  readonly miner: BeatOutput<'normalizeTelemetryData'>['miner'];
}

export async function runTelemetry({ folder, log, maxBytes }: RunRequest): Promise<RunResult> {
  const handlers = await loadHandlers['telemetry.parse']();
  const store = await openStore({ dataDir: join(folder, 'data') });
  const { records } = store;
  const lake = await openLake({ dir: join(folder, 'lake'), records });
  const config = selfhealConfig.parse({});
  const sources = openLogSources({ journalDir: join(folder, 'journal'), records, projectRoot: folder, config });
  const ports = portsOf({ records, lake, sources, project: { id: 'bench', root: folder, dataDir: folder, config } });
  const stages: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    stages[stage] = (stages[stage] ?? 0) + performance.now() - started;
    return result;
  };
  let total = 0;
  const begun = performance.now();
  let slice = mergeSlices([]);
  let miner: RunResult['miner'] = { version: 0, templates: [] };
  try {
    for (let more = true; more; ) {
      const loaded = await timed('read, redact, journal', () =>
        handlers.loadLogFiles({ projectId: 'bench', paths: [log], maxBytes }, ports),
      );
      const { segments, rejected } = loaded;
      const extracted = await timed('decode', () => handlers.extractTelemetryEvents({ projectId: 'bench', segments }, ports));
      const normalised = await timed('normalise, mine', () => handlers.normalizeTelemetryData(extracted));
      const aggregated = await timed('aggregate', () => handlers.aggregateTelemetryMetrics({ events: normalised.events }));
      const { events } = normalised;
      const input = { projectId: 'bench', segments, rejected, events, slices: aggregated.slices, miner: normalised.miner };
      await timed('write', () => handlers.storeTelemetryDatabase(input, ports));
      total += events.length;
      slice = mergeSlices(total === events.length ? aggregated.slices : [slice, ...aggregated.slices]);
      miner = normalised.miner;
      more = loaded.more;
    }
    return { records: total, ms: performance.now() - begun, stages, slice, miner };
  } finally {
    lake.close();
    await store.close();
  }
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

if (!isMainThread && parentPort !== null) parentPort.postMessage(await runTelemetry(workerData));
