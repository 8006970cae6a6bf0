import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type ResourceLimits } from 'node:worker_threads';
import { type BeatContext, type Blobs, type Ref, ref, sequences } from '@selfheal/contracts';
import { PARSE_MEMORY } from '@selfheal/telemetry';
import { lineageOf } from '@selfheal/temporal/deriving-beat';
import { Piscina } from 'piscina';
import { type Outcome, outputOf } from './outcome.ts';
import type { CloseCall, StoreCall, TelemetryCall, TelemetryThreadData } from './telemetry-call.ts';

const IDLE_MS = 60_000;
/** What a beat may take that does not do with the heap of every day: lines made to take memory, an error with thousands of frames each. */
const WIDE_HEAP_MB = 1_024;

type Call = TelemetryCall | StoreCall | CloseCall;

/** The thread in which the beats of telemetry.parse run, so that their events never leave it. */
export interface TelemetryPool {
  runs(handler: string): boolean;
  run(handler: string, input: unknown, context: BeatContext): Promise<unknown>;
  /** Stored values as other threads see them: what is only derived is stored when one of them asks for it. */
  resolving<B extends Blobs>(blobs: B): B;
  close(): Promise<void>;
}

/**
 * Started by the first beat, ended when idle. A cancelled beat's thread is ended: what it held is made again from the journal. So it is
 * where a beat does not do with the memory of the thread, in another that has more.
 */
export function createTelemetryPool(data: TelemetryThreadData): TelemetryPool {
  const pool = threadOf(data, PARSE_MEMORY.heap);
  const wide = threadOf(data, { maxOldGenerationSizeMb: WIDE_HEAP_MB });
  const perform = (call: Omit<TelemetryCall, 'progress'>, { signal, heartbeat }: BeatContext) => {
    const within = (thread: Piscina<Call, Outcome>) =>
      withProgress(heartbeat, (progress) => thread.run({ ...call, progress }, { signal, transferList: [progress] }));
    return within(pool).catch((error: unknown) => (isOutOfMemory(error) ? within(wide) : Promise.reject(error)));
  };
  return {
    runs: (handler) => HANDLERS.has(handler),
    async run(handler, input, context) {
      const { workflowId, sequence, beat, attempt, key } = context;
      return outputOf(await perform({ handler, input, context: { workflowId, sequence, beat, attempt, key } }, context));
    },
    resolving: (blobs) => ({
      ...blobs,
      async get(wanted: Ref) {
        const stored = await blobs.get(wanted);
        return lineageOf(stored) === undefined ? stored : blobs.get(ref.parse(outputOf(await wide.run({ store: wanted }))));
      },
    }),
    async close() {
      for (const thread of [pool, wide]) {
        if (thread.threads.length > 0) await thread.run({ close: true });
        await thread.destroy();
      }
    },
  };
}

function threadOf(data: TelemetryThreadData, resourceLimits: ResourceLimits): Piscina<Call, Outcome> {
  return new Piscina<Call, Outcome>({
    filename: fileURLToPath(new URL(`./telemetry.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    workerData: data,
    resourceLimits,
  });
}

async function withProgress<T>(heartbeat: BeatContext['heartbeat'], work: (progress: MessagePort) => Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (progress: string) => heartbeat(progress));
  try {
    return await work(port2);
  } finally {
    port1.close();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** The beats that read, hold or write events; the two that only name things are too short for a thread. */
const HANDLERS: ReadonlySet<string> = new Set(
  Object.entries(sequences['telemetry.parse']).flatMap(([handler, { cost }]) => (cost === 'long' ? [handler] : [])),
);
