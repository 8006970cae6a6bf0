import { fileURLToPath } from 'node:url';
import { type CodebaseInfo, codebaseInfo } from '@selfheal/contracts';
import { Piscina } from 'piscina';
import { z } from 'zod';
import { type Outcome, outputOf } from './outcome.ts';
import type { FunctionsCall, IndexCall, ThreadCall, ThreadData } from './pure-call.ts';

/** Shorter than the time between two sweeps: a thread that has loaded the compiler holds 120 MB, and starts anew in half a second. */
const IDLE_MS = 5_000;
/** V8 lets the young generation grow to twice as much, which an idle thread then keeps. */
const HEAP = { maxOldGenerationSizeMb: 2_048, maxYoungGenerationSizeMb: 48 };

const fileFunctions = z.array(z.object({ name: z.string(), startLine: z.int(), endLine: z.int() }));
type FileFunctions = z.infer<typeof fileFunctions>;

export interface PurePool {
  run(handler: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  index(...args: IndexCall['index']): Promise<CodebaseInfo>;
  /** Name and lines of the functions of one file. */
  functions(...args: FunctionsCall['functionsOf']): Promise<FileFunctions>;
  close(): Promise<void>;
}

/** Worker threads for long pure beats; started when the first one comes, ended when idle. A cancelled beat's thread is ended. */
export function createPurePool(data: ThreadData, threads: number): PurePool {
  const pool = new Piscina<ThreadCall, Outcome>({
    filename: fileURLToPath(new URL(`./pure-beat.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    workerData: data,
    resourceLimits: HEAP,
  });
  const outputFor = async (call: ThreadCall, signal?: AbortSignal): Promise<unknown> => {
    return outputOf(await pool.run(call, signal === undefined ? {} : { signal }));
  };
  return {
    run: (handler, input, signal) => outputFor({ handler, input }, signal),
    index: async (...args) => codebaseInfo.parse(await outputFor({ index: args })),
    functions: async (...args) => fileFunctions.parse(await outputFor({ functionsOf: args })),
    close: () => pool.destroy(),
  };
}
