import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { OtlpFault, type ReadExport } from '@selfheal/telemetry';
import { Piscina } from 'piscina';
import type { OtlpOutcome, OtlpTask, OtlpThreadData } from './otlp-task.ts';

const IDLE_MS = 60_000;
const THREAD_HEAP_MB = 768;
const MAX_THREADS = 2;

export interface OtlpThreads {
  /** Fails with OtlpFault where the request cannot be taken. */
  read(task: OtlpTask): Promise<ReadExport>;
  close(): Promise<void>;
}

/** Worker threads that read export requests; started by the first one, ended when idle. */
export function openOtlpThreads(data: OtlpThreadData): OtlpThreads {
  const pool = new Piscina<OtlpTask, OtlpOutcome>({
    filename: fileURLToPath(new URL(`./read-otlp.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    minThreads: 0,
    maxThreads: Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1)),
    idleTimeout: IDLE_MS,
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
  });
  return {
    async read(task) {
      const outcome = await pool.run(task).catch((error: unknown): OtlpOutcome => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')) throw error;
        return { ok: false, kind: 'limit', message: 'the request needs more memory than it may' };
      });
      if (outcome.ok) return outcome.read;
      throw new OtlpFault(outcome.kind, outcome.message);
    },
    close: () => pool.destroy(),
  };
}
