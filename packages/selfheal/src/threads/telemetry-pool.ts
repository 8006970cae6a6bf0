import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { type BeatContext, type Blobs, type Ref, ref, sequences } from '@selfheal/contracts';
import { PARSE_MEMORY } from '@selfheal/telemetry';
import { lineageOf } from '@selfheal/temporal/deriving-beat';
import { Piscina } from 'piscina';
import { type Outcome, outputOf } from './outcome.ts';
import type { CloseCall, StoreCall, TelemetryCall, TelemetryThreadData } from './telemetry-call.ts';

const IDLE_MS = 60_000;

/** The thread in which the beats of telemetry.parse run, so that their events never leave it. */
export interface TelemetryPool {
  runs(handler: string): boolean;
  run(handler: string, input: unknown, context: BeatContext): Promise<unknown>;
  /** Stored values as other threads see them: what is only derived is stored when one of them asks for it. */
  resolving<B extends Blobs>(blobs: B): B;
  close(): Promise<void>;
}

/** Started by the first beat, ended when idle. A cancelled beat's thread is ended: what it held is made again from the journal. */
export function createTelemetryPool(data: TelemetryThreadData): TelemetryPool {
  const pool = new Piscina<TelemetryCall | StoreCall | CloseCall, Outcome>({
    filename: fileURLToPath(new URL(`./telemetry.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    workerData: data,
    resourceLimits: PARSE_MEMORY.heap,
  });
  return {
    runs: (handler) => HANDLERS.has(handler),
    async run(handler, input, { workflowId, sequence, beat, attempt, key, signal, heartbeat }) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (progress: string) => heartbeat(progress));
      try {
        const call = { handler, input, context: { workflowId, sequence, beat, attempt, key }, progress: port2 };
        return outputOf(await pool.run(call, { signal, transferList: [port2] }));
      } finally {
        port1.close();
      }
    },
    resolving: (blobs) => ({
      ...blobs,
      async get(wanted: Ref) {
        const stored = await blobs.get(wanted);
        return lineageOf(stored) === undefined ? stored : blobs.get(ref.parse(outputOf(await pool.run({ store: wanted }))));
      },
    }),
    async close() {
      if (pool.threads.length > 0) await pool.run({ close: true });
      await pool.destroy();
    },
  };
}

/** The beats that read, hold or write events; the two that only name things are too short for a thread. */
const HANDLERS: ReadonlySet<string> = new Set(
  Object.entries(sequences['telemetry.parse']).flatMap(([handler, { cost }]) => (cost === 'long' ? [handler] : [])),
);
