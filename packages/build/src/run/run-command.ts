import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';

export interface CommandRun {
  readonly command: string;
  /** What stands before the shell, to confine it. */
  readonly within?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Each line of its output as it comes, without the line end. */
  readonly onLine: (line: string) => void;
}

export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unstartable'; readonly message: string };

/** Milliseconds between asking a group to end and ending it, and that output may come after the command's end. */
const GRACE_MS = 2_000;
/** A line is cut here: a program that writes no line end must not fill the memory. */
const LONGEST_LINE = 64 * 1024;

/**
 * Runs a shell line in a process group of its own and waits until it and its output have ended. Whatever it leaves behind in the group is
 * ended with it; on a timeout or a cancellation the whole group is. Errors go where the output goes, so that lines come as on a terminal.
 */
export async function runCommand({ command, within = [], cwd, env, timeoutMs, signal, onLine }: CommandRun): Promise<CommandEnd> {
  if (signal.aborted) return { kind: 'cancelled' };
  const words = within.length === 0 ? [`exec 2>&1\n${command}`] : ['exec 2>&1; exec "$@"', 'sh', ...within, '/bin/sh', '-c', command];
  const child = spawn('/bin/sh', ['-c', ...words], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = new Lines(onLine);
  child.stdout.on('data', (chunk: Buffer) => lines.add(chunk));
  let cause: 'timeout' | 'cancelled' | undefined;
  let forced: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'cancelled'): void => {
    cause ??= why;
    killGroup(child.pid, 'SIGTERM');
    forced ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE_MS);
  };
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  const onAbort = (): void => stop('cancelled');
  signal.addEventListener('abort', onAbort, { once: true });
  // A child that it left holds its output open: those of its group end with it, and for one that left the group nobody waits.
  child.once('exit', () => {
    killGroup(child.pid, 'SIGKILL');
    clearTimeout(forced);
    forced = setTimeout(() => child.stdout.destroy(), GRACE_MS);
  });
  try {
    const [exitCode, signalName]: (number | string | null)[] = await once(child, 'close');
    lines.end();
    if (cause !== undefined) return { kind: cause };
    return { kind: 'exited', exitCode: typeof exitCode === 'number' ? exitCode : exitCodeOf(signalName) };
  } catch (error) {
    return { kind: 'unstartable', message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    clearTimeout(forced);
    signal.removeEventListener('abort', onAbort);
  }
}

/** As shells tell a death by signal: above 128. */
function exitCodeOf(signalName: number | string | null | undefined): number {
  return signalName === 'SIGKILL' ? 137 : signalName === 'SIGTERM' ? 143 : 129;
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const parts = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const line of parts) this.#onLine(line.slice(0, LONGEST_LINE));
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#onLine(this.#rest.slice(0, LONGEST_LINE));
    this.#rest = '';
  }

  end(): void {
    const rest = this.#rest + this.#decoder.end();
    if (rest !== '') this.#onLine(rest);
  }
}
