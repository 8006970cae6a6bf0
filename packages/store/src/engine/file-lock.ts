import { setTimeout as sleep } from 'node:timers/promises';
import { SelfhealError } from '@selfheal/contracts';
import { takeLifetimeLock } from './lifetime-lock.ts';

const RETRY_MS = 3;

/**
 * Runs short work while no other process, and no other caller in this one, holds the lock file. The lock of a process that dies is
 * given back by the operating system. Fails with STORE_LOCKED where another holds it for longer than `timeoutMs` (default 30,000).
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  const lock = await acquire(file, timeoutMs);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function acquire(file: string, timeoutMs: number) {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const lock = takeLifetimeLock(file, 0);
    if (lock !== undefined) return lock;
    if (performance.now() > until) throw new SelfhealError('STORE_LOCKED', 'another process holds the lock', { where: { file } });
    await sleep(RETRY_MS * (1 + Math.random()));
  }
}
