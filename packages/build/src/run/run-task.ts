import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildIndex } from '../cache/build-index.ts';
import { digest, type FileHashes } from '../cache/file-hashes.ts';
import { type FileLists, listFiles } from '../cache/list-files.ts';
import type { ResultCache } from '../cache/result-cache.ts';
import { type TaskFiles, taskFiles } from '../cache/task-files.ts';
import { taskKey } from '../cache/task-key.ts';
import type { Task } from '../task/task.ts';
import { runCommand } from './run-command.ts';
import { taskEnvironment } from './task-environment.ts';
import { TaskLog } from './task-log.ts';

/** What the tasks of one build share. */
export interface TaskRunner {
  /** Absolute. */
  readonly root: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly lists: FileLists;
  /** Files at the root of the workspace. */
  readonly rootFiles: readonly string[];
  readonly index: BuildIndex;
  readonly hashes: FileHashes;
  readonly cache: ResultCache;
  /** Hides secrets in a line of output. */
  readonly redact: (line: string) => string;
  /** Run again whatever is known. */
  readonly force: boolean;
}

export interface TaskRun {
  readonly task: Task;
  /** Key and outputs' digest of each task that it depends on, by id; undefined where one has none, so that this one has none either. */
  readonly upstream: ReadonlyMap<string, string> | undefined;
  /** Other tasks of the package ran in this build: its files have to be listed anew. */
  readonly listAgain: boolean;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export interface TaskEnd {
  readonly outcome: 'done' | 'cached' | 'failed' | 'cancelled';
  readonly log: string;
  /** What dependents mix into their keys; undefined where the result follows from more than is known. */
  readonly result: string | undefined;
  readonly error?: string;
  /** Why the result was not kept, for people. */
  readonly notKept?: string;
}

const SHOWN_LINES = 20;

/** Brings the outputs of a task up to date: nothing to do, taken from the cache, or by running its command. */
export async function runTask(runner: TaskRunner, run: TaskRun): Promise<TaskEnd> {
  const { task } = run;
  const lists = run.listAgain ? await listFiles(runner.root, task.directory) : runner.lists;
  const files = taskFiles(task, lists, runner.rootFiles);
  const key = keyOf(runner, run, files);
  if (task.command === undefined) return { outcome: 'cached', log: '', result: key };
  if (key !== undefined && task.cache && !runner.force) {
    const known = (await upToDate(runner, task, files, key)) ?? (await fromCache(runner, task, files, key));
    if (known !== undefined) return known;
  }
  return execute(runner, run, files, key);
}

function keyOf({ root, env, hashes }: TaskRunner, { task, upstream }: TaskRun, { inputs }: TaskFiles): string | undefined {
  if (upstream === undefined) return undefined;
  return taskKey({ task, inputs, env: taskEnvironment(task, root, env).inputs, upstream }, hashes);
}

function digestOf(outputs: readonly (readonly [string, string])[]): string {
  return digest(JSON.stringify(outputs));
}

function hashed(hashes: FileHashes, paths: readonly string[]): [string, string][] {
  return paths.flatMap((path): [string, string][] => {
    const hash = hashes.hash(path);
    return hash === undefined ? [] : [[path, hash]];
  });
}

async function upToDate({ index, hashes }: TaskRunner, task: Task, { outputs }: TaskFiles, key: string): Promise<TaskEnd | undefined> {
  const record = index.task(task.id);
  if (record.key !== key || record.outputs !== digestOf(hashed(hashes, outputs))) return undefined;
  return { outcome: 'cached', log: '', result: `${key}:${record.outputs}` };
}

async function fromCache(
  { root, index, cache }: TaskRunner,
  task: Task,
  { outputs }: TaskFiles,
  key: string,
): Promise<TaskEnd | undefined> {
  const cached = await cache.find(key);
  if (cached === undefined) return undefined;
  index.record(task.id, { durationMs: cached.durationMs });
  const wanted = new Set(cached.outputs.map(([path]) => path));
  for (const path of outputs) if (!wanted.has(path)) await rm(join(root, path), { force: true });
  const log = await cache.restore(key, cached);
  if (log === undefined) return undefined;
  const made = digestOf(cached.outputs);
  index.record(task.id, { durationMs: cached.durationMs, key, outputs: made });
  return { outcome: 'cached', log, result: `${key}:${made}` };
}

async function execute(runner: TaskRunner, run: TaskRun, before: TaskFiles, key: string | undefined): Promise<TaskEnd> {
  const { root, index, hashes, cache } = runner;
  const { task, signal } = run;
  const { durationMs } = index.task(task.id);
  // Left by a run whose end is not known: a command may take them for its own and do nothing.
  if (index.task(task.id).key === undefined) for (const path of before.outputs) await rm(join(root, path), { force: true });
  index.record(task.id, durationMs === undefined ? {} : { durationMs });
  const log = new TaskLog();
  const startedAt = performance.now();
  const end = await runCommand({
    command: task.command ?? '',
    cwd: join(root, task.directory),
    env: taskEnvironment(task, root, runner.env).env,
    timeoutMs: task.timeoutMs,
    signal,
    onLine: (line) => {
      const clean = runner.redact(line);
      log.add(clean);
      run.onLine(clean);
    },
  });
  const took = Math.round(performance.now() - startedAt);
  if (end.kind === 'cancelled') return { outcome: 'cancelled', log: log.text(), result: undefined };
  const error = whyFailed(end, task);
  if (error !== undefined)
    return { outcome: 'failed', log: log.text(), result: undefined, error: `${error}\n${log.last(SHOWN_LINES)}`.trim() };
  const after = taskFiles(task, await listFiles(root, task.directory), runner.rootFiles);
  const outputs = hashed(hashes, after.outputs);
  const kept = { outcome: 'done', log: log.text() } as const;
  if (key === undefined || keyOf(runner, run, after) !== key) {
    index.record(task.id, { durationMs: took });
    return {
      ...kept,
      result: undefined,
      notKept: key === undefined ? 'a task that it depends on was not kept' : 'its inputs changed while it ran',
    };
  }
  if (task.cache) await cache.keep(key, { durationMs: took, log: log.text(), outputs });
  index.record(task.id, { durationMs: took, key, outputs: digestOf(outputs) });
  return { ...kept, result: `${key}:${digestOf(outputs)}` };
}

function whyFailed(end: Awaited<ReturnType<typeof runCommand>>, task: Task): string | undefined {
  if (end.kind === 'timeout') return `ended after ${task.timeoutMs} ms without a result: ${task.command}`;
  if (end.kind === 'unstartable') return `could not be started: ${end.message}`;
  if (end.kind === 'exited' && end.exitCode !== 0) return `exit code ${end.exitCode}: ${task.command}`;
  return undefined;
}
