import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type ResourceLimits } from 'node:worker_threads';
import { type BeatContext, type Blobs, type Ref, ref, sequences } from '@selfheal/contracts';
import { PARSE_MEMORY } from '@selfheal/telemetry';
import { lineageOf } from '@selfheal/temporal/deriving-beat';
import { Piscina } from 'piscina';
import { type Outcome, outputOf } from './outcome.ts';
import type { CloseCall, StoreCall, TelemetryCall, TelemetryThreadData } from './telemetry-call.ts';

const IDLE_MS = 60_000;

/** The heap of every day, and that of a beat that does not do with it: lines made to take memory, an error with thousands of frames each. */
interface Heaps {
  readonly usual: ResourceLimits;
  readonly wide: ResourceLimits;
}
const HEAPS: Heaps = { usual: PARSE_MEMORY.heap, wide: { maxOldGenerationSizeMb: 1_024 } };

type Call = TelemetryCall | StoreCall | CloseCall;
type Thread = Piscina<Call, Outcome>;

/** The thread in which the beats of telemetry.parse run, so that their events never leave it. */
export interface TelemetryPool {
  runs(handler: string): boolean;
  run(handler: string, input: unknown, context: BeatContext): Promise<unknown>;
  /** Stored values as other threads see them: what is only derived is stored when one of them asks for it. */
  resolving<B extends Blobs>(blobs: B): B;
  /** Gives back the memory of the threads where nothing runs in them; the next beat starts one anew. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Started by the first beat, ended when idle. A cancelled beat's thread is ended: what it held is made again from the journal. So it is
 * where a beat does not do with the memory of the thread, in another that has more.
 */
export function createTelemetryPool(data: TelemetryThreadData, heaps: Heaps = HEAPS): TelemetryPool {
  const start = () => ({ usual: threadOf(data, heaps.usual), wide: threadOf(data, heaps.wide) });
  let threads = start();
  let running = 0;
  const counted = async <T>(work: (within: typeof threads) => Promise<T>): Promise<T> => {
    running += 1;
    try {
      return await work(threads);
    } finally {
      running -= 1;
    }
  };
  const perform = (call: Omit<TelemetryCall, 'progress'>, { signal, heartbeat }: BeatContext) => {
    const runIn = (thread: Thread) =>
      withProgress(heartbeat, (progress) => thread.run({ ...call, progress }, { signal, transferList: [progress] }));
    return counted(({ usual, wide }) =>
      runIn(usual).catch((error: unknown) => (isOutOfMemory(error) ? runIn(wide) : Promise.reject(error))),
    );
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
        if (lineageOf(stored) === undefined) return stored;
        return blobs.get(ref.parse(outputOf(await counted(({ wide }) => wide.run({ store: wanted })))));
      },
    }),
    async rest() {
      const { usual, wide } = threads;
      if (running > 0 || usual.threads.length + wide.threads.length === 0) return;
      threads = start();
      await end(usual, wide);
    },
    close: () => end(threads.usual, threads.wide),
  };
}

async function end(...threads: readonly Thread[]): Promise<void> {
  for (const thread of threads) {
    if (thread.threads.length > 0) await thread.run({ close: true });
    await thread.destroy();
  }
}

function threadOf(data: TelemetryThreadData, resourceLimits: ResourceLimits): Thread {
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
