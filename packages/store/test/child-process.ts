import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestChild {
  readonly process: ChildProcess;
  /** Whole lines of its standard output so far. */
  readonly lines: readonly string[];
  /** Resolves when so many lines are there; fails where the process ends before. */
  linesAre(count: number): Promise<void>;
  /** Resolves with the exit code (null after a signal) when the process and its output ended. */
  ended(): Promise<number | null>;
  kill(): Promise<void>;
}

/** Runs a script of `test/children` in a process of its own. */
export function startChild(script: string, ...args: string[]): TestChild {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children', script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  const waiters = new Set<() => void>();
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const waiter of waiters) waiter();
  });
  const closed = once(child, 'close').then(() => {
    for (const waiter of waiters) waiter();
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    lines,
    linesAre: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.length >= count) resolve();
          else if (isOver())
            reject(new Error(`${script} ended with ${child.exitCode ?? child.signalCode} after ${lines.length} lines:\n${errors}`));
          else return;
          waiters.delete(look);
        };
        waiters.add(look);
        look();
      }),
    async ended() {
      await closed;
      if (child.exitCode !== 0 && child.signalCode === null) throw new Error(`${script} ended with ${child.exitCode}:\n${errors}`);
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
