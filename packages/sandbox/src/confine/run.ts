import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { type RunResult, SelfhealError } from '@selfheal/contracts';
import { releaseIntoGroup } from './hold-command.ts';
import { FIRST_BEYOND_STANDARD, withheldDescriptors } from './inherited-descriptors.ts';
import { killMarked } from './leftovers.ts';
import { CappedOutput } from './output.ts';
import type { Mount } from './plan.ts';
import { makeProcessGroup, type ProcessGroup } from './process-group.ts';
import { systemCallFilter } from './seccomp.ts';
import { type ConfinementTool, confinedCommand, type Start } from './tool.ts';
import { type Limits, watchLimits } from './watchdog.ts';

export interface ConfinedRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly limits: Limits;
  readonly timeoutMs: number;
  /** Sent to the command's standard input, which is closed then. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Is given the command's open standard input and its output, for a command that answers while it runs. Not together with `input`. */
  readonly talk?: (input: Writable, output: Readable) => void;
}

/** Exit code of a command that was stopped by us (128 + SIGKILL). */
export const STOPPED = 137;
/** Variable by which processes of an unconfined run are known. */
const MARK = 'SELFHEAL_RUN';
const LARGEST_FILE_BYTES = 1 << 30;
/** Node takes about eleven. */
const THREADS_PER_PROCESS = 12;

/**
 * Runs a command confined and waits until its whole process tree is gone. A command that goes over a limit is killed; its stderr then
 * ends with a line that says which. Fails with CANCELLED where the signal is aborted, with SANDBOX_FAILED where the tool cannot start.
 */
export async function runConfined(tool: ConfinementTool, run: ConfinedRun): Promise<RunResult> {
  if (run.signal?.aborted) throw new SelfhealError('CANCELLED', `${run.argv.join(' ')} was not started`);
  const startedAt = performance.now();
  const mark = randomBytes(8).toString('hex');
  const threads = run.limits.processes * THREADS_PER_PROCESS;
  const group = tool.kind === 'none' ? undefined : await makeProcessGroup(threads);
  using withheld = withheldDescriptors();
  const filter = tool.kind === 'none' ? undefined : systemCallFilter();
  const pipes = tool.kind === 'bubblewrap' ? pipesFor(FIRST_BEYOND_STANDARD + withheld.stdio.length, filter, group) : undefined;
  const enter = pipes?.hold === undefined ? (group?.enter ?? []) : [];
  const [file = 'true', ...args] = [...enter, ...withResourceLimits(tool, run, threads, { filter, ...pipes?.start })];
  // Node's own spawn, as execa's stdio knows no descriptor beyond 9.
  const child = spawn(file, args, {
    cwd: run.cwd,
    env: tool.kind === 'none' ? { ...run.env, [MARK]: mark } : { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    detached: true,
    stdio: [
      run.talk === undefined && run.input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      ...withheld.stdio,
      ...new Array<'pipe'>(pipes?.count ?? 0).fill('pipe'),
    ],
  });
  if (filter !== undefined && pipes?.filter !== undefined) sendFilter(child, filter, pipes.filter);
  const ended = endOf(child);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A command may end before it has read all; its exit code tells.
  child.stdin?.on('error', () => undefined);
  if (run.talk !== undefined && child.stdin && child.stdout) run.talk(child.stdin, child.stdout);
  else child.stdin?.end(run.input);
  // Namespaces take everything along; without them, what left the process group is found by its mark.
  const kill = async (): Promise<void> => {
    killGroup(child.pid);
    if (tool.kind === 'none') await killMarked(`${MARK}=${mark}`);
  };
  const ending = watchRun(child.pid, run, kill);
  if (group !== undefined && pipes?.hold !== undefined)
    releaseIntoGroup(child, group, pipes.hold.tells, pipes.hold.waits).catch((error: unknown) =>
      ending.stop(`it could not be limited: ${error}`),
    );
  // Before the output is waited for, which a leftover process may hold open.
  if (tool.kind === 'none') child.once('exit', () => void kill());
  const end = await ended;
  ending.release();
  await group?.remove();
  if (run.signal?.aborted) throw new SelfhealError('CANCELLED', `${run.argv.join(' ')} was stopped`);
  if (end.error !== undefined) throw new SelfhealError('SANDBOX_FAILED', `${file} did not start: ${end.error.message}`);
  const reason = ending.reason();
  if (reason !== undefined) stderr.append(`\nselfheal stopped the command: ${reason}\n`);
  return {
    exitCode: reason === undefined ? (end.exitCode ?? STOPPED) : STOPPED,
    ...(end.signal === undefined ? {} : { signal: end.signal }),
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    timedOut: ending.timedOut(),
    durationMs: performance.now() - startedAt,
  };
}

/** Descriptors beyond those that are withheld, by which bubblewrap is talked to. */
function pipesFor(first: number, filter: Buffer | undefined, group: ProcessGroup | undefined) {
  const after = filter === undefined ? first : first + 1;
  const hold = group === undefined ? undefined : { tells: after, waits: after + 1 };
  const ofFilter = filter === undefined ? {} : { filter: first };
  return {
    count: after - first + (hold === undefined ? 0 : 2),
    ...ofFilter,
    hold,
    start: { descriptors: { ...ofFilter, ...(hold === undefined ? {} : { hold }) } },
  };
}

function sendFilter(child: ChildProcess, bytes: Buffer, descriptor: number): void {
  const stream = child.stdio[descriptor];
  if (!(stream instanceof Writable)) return;
  // The command may end before it has read it; its exit code tells.
  stream.on('error', () => undefined);
  stream.end(bytes);
}

interface End {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** It did not even start. */
  readonly error?: Error;
}

/** Settles once the process has ended and its output is read. */
function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) =>
      resolve({ ...(code === null ? {} : { exitCode: code }), ...(signal === null ? {} : { signal }) }),
    );
  });
}

/** Watches time, limits and the caller's signal; whichever comes first kills the tree. */
function watchRun(
  pid: number | undefined,
  run: ConfinedRun,
  kill: () => Promise<void>,
): { reason(): string | undefined; timedOut(): boolean; stop(why: string): void; release(): void } {
  let reason: string | undefined;
  let timedOut = false;
  const stop = (why: string): void => {
    reason ??= why;
    void kill();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    stop(`it took longer than ${run.timeoutMs} ms`);
  }, run.timeoutMs);
  const onAbort = (): void => stop('cancelled');
  run.signal?.addEventListener('abort', onAbort, { once: true });
  const release = pid === undefined ? undefined : watchLimits(pid, run.cwd, run.limits, stop);
  return {
    reason: () => reason,
    timedOut: () => timedOut,
    stop,
    release: () => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
      release?.();
    },
  };
}

/** File size, processor time and threads by the kernel; the rest by the watchdog. The limit of threads does not bind root: see ProcessGroup. */
function withResourceLimits(tool: ConfinementTool, run: ConfinedRun, threads: number, start: Start): readonly string[] {
  if (tool.kind === 'none') return run.argv;
  const cpuSeconds = Math.ceil(run.timeoutMs / 1000) * 4 + 10;
  // Inside the namespaces, where only the confined threads count.
  const few = process.getuid?.() === 0 ? [] : ['prlimit', `--nproc=${threads}`, '--'];
  const confined = confinedCommand(tool, { ...run, argv: [...few, ...run.argv] }, start);
  return ['prlimit', `--fsize=${LARGEST_FILE_BYTES}`, `--cpu=${cpuSeconds}`, '--core=0', '--', ...confined];
}

function collect(stream: NodeJS.ReadableStream | null | undefined): CappedOutput {
  const output = new CappedOutput();
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => output.append(chunk));
  return output;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
