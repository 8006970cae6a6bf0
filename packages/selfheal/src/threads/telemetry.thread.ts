/**
 * Entry of the thread that runs the beats of telemetry.parse, with a store, a lake and log sources of its own: events go from beat to beat
 * as they are, and neither reading a log nor writing the lake stalls the main thread.
 */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { type BeatContext, type Ports, SelfhealError } from '@selfheal/contracts';
import { createBlobs, openStore } from '@selfheal/store';
import { PARSE_MEMORY } from '@selfheal/telemetry';
import { runDerivingBeat, valuesOfBeats } from '@selfheal/temporal/deriving-beat';
import { createBeats } from '../beats/beat-registry.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import { openTelemetryPorts } from '../ports/telemetry-ports.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { CloseCall, StoreCall, TelemetryCall, TelemetryThreadData } from './telemetry-call.ts';

const { project, databaseUrl } = threadData(workerData);
const plugins = await loadPlugins(project.config.plugins, project.root);
const beats = new Map(createBeats(plugins).map((beat) => [beat.handler, beat]));
const store = await openStore({ dataDir: project.dataDir, databaseUrl });
const telemetry = await openTelemetryPorts(project, store.records, plugins, PARSE_MEMORY);
const values = valuesOfBeats(createBlobs({ dir: join(project.dataDir, 'blobs') }), beats, ({ handler }) =>
  portsOf({ workflowId: 'derive', sequence: 'telemetry.parse', beat: handler, attempt: 1, key: handler }, () => undefined),
);

export default async function runTelemetry(call: TelemetryCall | StoreCall | CloseCall): Promise<Outcome> {
  return outcomeOf(async () => {
    if ('close' in call) return await close();
    if ('store' in call) return await values.put(await values.get(call.store));
    const beat = beats.get(call.handler);
    if (beat === undefined) throw new SelfhealError('HANDLER_UNKNOWN', call.handler);
    const ports = portsOf(call.context, (progress) => call.progress.postMessage(progress ?? ''));
    return await runDerivingBeat(beat, call.input, values, ports);
  });
}

async function close(): Promise<void> {
  telemetry.lake.close();
  await store.close();
}

function portsOf(context: TelemetryCall['context'], heartbeat: BeatContext['heartbeat']): Ports {
  const { id, root, dataDir, config } = project;
  return {
    // A cancelled beat ends the thread, so nothing here needs to be told.
    beat: { ...context, signal: new AbortController().signal, heartbeat },
    project: { id, root, dataDir, config },
    clock: { now: () => Date.now() },
    records: store.records,
    ...telemetry,
    get codebase(): never {
      return notHere('codebase');
    },
    get sandbox(): never {
      return notHere('sandbox');
    },
    get forge(): never {
      return notHere('forge');
    },
  };
}

function notHere(port: string): never {
  throw new TypeError(`the beats of telemetry.parse have no port ${port}`);
}

function threadData(value: unknown): TelemetryThreadData {
  // Piscina hands over [pool data, user data].
  const data: unknown = Array.isArray(value) ? value.at(-1) : value;
  return data as TelemetryThreadData;
}
