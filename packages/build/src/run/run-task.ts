import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../cache/cached-result.ts';
import { taskKey } from '../cache/task-key.ts';
import { digest, type FileHashes } from '../files/file-hashes.ts';
import { type TaskFiles, taskFiles } from '../files/task-files.ts';
import type { FileLists } from '../files/workspace-files.ts';
import type { Task } from '../task/task.ts';
import { executeTask } from './execute-task.ts';
import { taskEnvironment } from './task-environment.ts';
import type { TaskRunner } from './task-runner.ts';

export interface TaskRun {
  readonly task: Task;
  /** `result` of each task that it depends on, by id; undefined where one has none, so that this one has none either. */
  readonly upstream: ReadonlyMap<string, string> | undefined;
  readonly signal: AbortSignal;
  /** Each line of output as it comes, without secrets. */
  readonly onLine?: (line: string) => void;
  /** Called when the command has ended well, before what it made is looked at. */
  readonly onCommandEnd?: () => void;
}

export interface TaskEnd {
  readonly outcome: 'done' | 'cached' | 'failed' | 'cancelled';
  /** Without secrets, bounded. */
  readonly log: string;
  /** What dependents mix into their keys; undefined where the result follows from more than is known. */
  readonly result: string | undefined;
  readonly error?: string;
  /** Why the result was not kept, for people. */
  readonly notKept?: string;
}

/**
 * Brings the outputs of a task up to date: nothing to do, taken from the cache, or by running its command. Never rejects: what goes wrong
 * around a command is a failure of its task alone.
 */
export async function runTask(runner: TaskRunner, run: TaskRun): Promise<TaskEnd> {
  try {
    const { files, key, known } = await look(runner, run);
    return known ?? (await execute(runner, run, files, key));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: 'failed', log: '', result: undefined, error: `selfheal could not bring it up to date: ${why}` };
  }
}

/** As `runTask`, but without running a command: undefined where that is needed. */
export async function restoreTask(runner: TaskRunner, run: Pick<TaskRun, 'task' | 'upstream'>): Promise<TaskEnd | undefined> {
  return (await look(runner, run)).known;
}

async function look(runner: TaskRunner, run: Pick<TaskRun, 'task' | 'upstream'>) {
  const { task } = run;
  const files = filesOf(runner, task, runner.files.below(task.directory));
  const key = keyOf(runner, run, files);
  const nothing: TaskEnd = { outcome: 'cached', log: '', result: key };
  const mayBeKnown = key !== undefined && task.cache && !runner.force;
  const known = mayBeKnown ? (upToDate(runner, task, files, key) ?? (await fromCache(runner, task, files, key))) : undefined;
  return { files, key, known: task.command === undefined ? nothing : known };
}

function filesOf({ files }: TaskRunner, task: Task, own: FileLists): TaskFiles {
  return taskFiles(task, own, files.atRoot);
}

function keyOf(
  { root, env, hashes }: TaskRunner,
  { task, upstream }: Pick<TaskRun, 'task' | 'upstream'>,
  { inputs }: TaskFiles,
): string | undefined {
  if (upstream === undefined) return undefined;
  return taskKey({ task, inputs, env: taskEnvironment(task, root, env).inputs, upstream }, hashes);
}

function digestOf(outputs: readonly Output[]): string {
  return digest(JSON.stringify(outputs));
}

function hashed(hashes: FileHashes, paths: readonly string[]): Output[] {
  return paths.flatMap((path): Output[] => {
    const hash = hashes.hash(path);
    return hash === undefined ? [] : [[path, hash]];
  });
}

function upToDate({ index, hashes }: TaskRunner, task: Task, { outputs }: TaskFiles, key: string): TaskEnd | undefined {
  const record = index.task(task.id);
  if (record.key !== key || record.outputs !== digestOf(hashed(hashes, outputs))) return undefined;
  return { outcome: 'cached', log: '', result: digest(`${key}:${record.outputs}`) };
}

async function fromCache(runner: TaskRunner, task: Task, { outputs }: TaskFiles, key: string): Promise<TaskEnd | undefined> {
  const { root, index, cache, files } = runner;
  const cached = cache.find(key, task.directory) ?? (await cache.findShared(key, task.directory));
  if (cached === undefined) return undefined;
  index.record(task.id, { durationMs: cached.durationMs });
  const wanted = new Set(cached.outputs.map(([path]) => path));
  for (const path of outputs) if (!wanted.has(path)) await rm(join(root, path), { force: true });
  const log = await cache.restore(key, cached);
  if (log === undefined) return undefined;
  // Other tasks of the package may read what was restored.
  await files.listAgain(task.directory);
  const made = digestOf(cached.outputs);
  index.record(task.id, { durationMs: cached.durationMs, key, outputs: made });
  return { outcome: 'cached', log, result: digest(`${key}:${made}`) };
}

async function execute(runner: TaskRunner, run: TaskRun, before: TaskFiles, key: string | undefined): Promise<TaskEnd> {
  const { root, index, hashes, cache, files, aside } = runner;
  const { task } = run;
  const { durationMs } = index.task(task.id);
  // Left by a run whose end is not known: a command may take them for its own and do nothing.
  if (index.task(task.id).key === undefined) for (const path of before.outputs) await rm(join(root, path), { force: true });
  index.record(task.id, durationMs === undefined ? {} : { durationMs });
  files.expectChanges();
  const { end, log, tookMs } = await executeTask(runner, run);
  if (end === undefined) run.onCommandEnd?.();
  const lists = await files.listAgain(task.directory);
  if (end === 'cancelled') return { outcome: 'cancelled', log, result: undefined };
  if (end !== undefined) return { outcome: 'failed', log, result: undefined, error: end.error };
  const after = filesOf(runner, task, lists);
  const outputs = hashed(hashes, after.outputs);
  if (key === undefined || keyOf(runner, run, after) !== key) {
    index.record(task.id, { durationMs: tookMs });
    const notKept = key === undefined ? 'a task that it depends on was not kept' : 'its inputs changed while it ran';
    return { outcome: 'done', log, result: undefined, notKept };
  }
  const made = digestOf(outputs);
  index.record(task.id, { durationMs: tookMs, key, outputs: made });
  // Dependents need the outputs, not their copies in the cache.
  if (task.cache) aside.add(`the result of ${task.id} is not in the cache`, () => cache.keep(key, { durationMs: tookMs, log, outputs }));
  return { outcome: 'done', log, result: digest(`${key}:${made}`) };
}
