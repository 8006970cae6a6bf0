import { setTimeout as after } from 'node:timers/promises';
import type { TimedOutcome } from '../interpreter/runtime.ts';

export async function realSleep(ms: number): Promise<void> {
  await after(ms);
}

/** Runs something for at most `ms`; the timer does not outlive it. What was started is not stopped: promises cannot be. */
export async function limitTime<T>(ms: number, run: () => Promise<T>): Promise<TimedOutcome<T>> {
  const timer = new AbortController();
  const late = after(ms, { timedOut: true } as const, { signal: timer.signal });
  const done = run().then((value): TimedOutcome<T> => ({ timedOut: false, value }));
  try {
    return await Promise.race([done, late]);
  } finally {
    timer.abort();
  }
}
