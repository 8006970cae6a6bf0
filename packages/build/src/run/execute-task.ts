import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../task/task.ts';
import { type CommandEnd, runCommand } from './run-command.ts';
import type { TaskRun } from './run-task.ts';
import { taskEnvironment } from './task-environment.ts';
import { TaskLog } from './task-log.ts';
import type { TaskRunner } from './task-runner.ts';

export interface Execution {
  /** Undefined where it ended well. */
  readonly end: 'cancelled' | { readonly error: string } | undefined;
  /** Without secrets, bounded. */
  readonly log: string;
  readonly tookMs: number;
}

const SHOWN_LINES = 20;

/** Runs the command of a task. Its output is cleaned of secrets: line by line where somebody looks on, else what is kept of it, at its end. */
export async function executeTask(
  runner: Pick<TaskRunner, 'root' | 'env' | 'redaction' | 'confine'>,
  { task, signal, onLine }: Pick<TaskRun, 'task' | 'signal' | 'onLine'>,
): Promise<Execution> {
  const { env } = taskEnvironment(task, runner.root, runner.env);
  const clean = onLine === undefined ? undefined : (await runner.redaction())(env);
  const output = new TaskLog();
  const startedAt = performance.now();
  const cwd = join(runner.root, task.directory);
  const ended = await runCommand({
    command: task.command ?? '',
    within: runner.confine === undefined || task.directory === '.' ? [] : runner.confine(runner.root, writableBy(runner.root, cwd)),
    cwd,
    env,
    timeoutMs: task.timeoutMs,
    signal,
    onLine: (line) => {
      const shown = clean === undefined ? line : clean(line);
      output.add(shown);
      onLine?.(shown);
    },
  });
  const tookMs = Math.round(performance.now() - startedAt);
  const lines = clean === undefined && output.lines.length > 0 ? output.lines.map((await runner.redaction())(env)) : output.lines;
  return { end: endOf(ended, task, lines), log: lines.length === 0 ? '' : `${lines.join('\n')}\n`, tookMs };
}

/** Its own folder, and where tools keep what costs nothing to lose. */
function writableBy(root: string, folder: string): readonly string[] {
  return [folder, join(root, 'node_modules', '.cache')].filter((path) => existsSync(path));
}

function endOf(ended: CommandEnd, task: Task, lines: readonly string[]): Execution['end'] {
  if (ended.kind === 'cancelled') return 'cancelled';
  const why = whyFailed(ended, task);
  if (why === undefined) return undefined;
  const refused = lines.find((line) => /read-only file system/i.test(line));
  const outside = refused === undefined ? '' : `; it wrote outside its folder: ${refused.trim()}`;
  return { error: `${why}${outside}\n${lines.slice(-SHOWN_LINES).join('\n')}`.trim() };
}

function whyFailed(ended: CommandEnd, task: Task): string | undefined {
  if (ended.kind === 'timeout') return `ended after ${task.timeoutMs} ms without a result: ${task.command}`;
  if (ended.kind === 'unstartable') return `could not be started: ${ended.message}`;
  if (ended.kind === 'exited' && ended.exitCode !== 0) return `exit code ${ended.exitCode}: ${task.command}`;
  return undefined;
}
