import { isRetryable } from './failure.ts';
import type { RetryPlan } from './plan.ts';

/** What `errorHandling: "retry"` means where the document says no more. */
export const DEFAULT_RETRY: RetryPlan = { maximumAttempts: 3, initialIntervalMs: 1_000, backoff: 2, maximumIntervalMs: 60_000 };

/** The pause after attempt `attempt` (1, 2, …) failed. */
export function retryDelayMs(retry: RetryPlan, attempt: number): number {
  return Math.min(retry.initialIntervalMs * retry.backoff ** (attempt - 1), retry.maximumIntervalMs);
}

export interface RetryPorts {
  readonly sleep: (ms: number) => Promise<void>;
  /** True ends the attempts: what is retried was given up meanwhile. */
  readonly isOver?: (error: unknown) => boolean;
}

/** Rejects with the error of the last attempt. */
export async function withRetry<T>(retry: RetryPlan | undefined, attempt: () => Promise<T>, ports: RetryPorts): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const over = retry === undefined || count >= retry.maximumAttempts || !isRetryable(error) || ports.isOver?.(error) === true;
      if (over) throw error;
      await ports.sleep(retryDelayMs(retry, count));
    }
  }
}
