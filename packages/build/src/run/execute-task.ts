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
export async function executeTask(runner: TaskRunner, { task, signal, onLine }: TaskRun): Promise<Execution> {
  const { env } = taskEnvironment(task, runner.root, runner.env);
  const clean = onLine === undefined ? undefined : (await runner.redaction())(env);
  const output = new TaskLog();
  const startedAt = performance.now();
  const ended = await runCommand({
    command: task.command ?? '',
    cwd: join(runner.root, task.directory),
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

function endOf(ended: CommandEnd, task: Task, lines: readonly string[]): Execution['end'] {
  if (ended.kind === 'cancelled') return 'cancelled';
  const why = whyFailed(ended, task);
  return why === undefined ? undefined : { error: `${why}\n${lines.slice(-SHOWN_LINES).join('\n')}`.trim() };
}

function whyFailed(ended: CommandEnd, task: Task): string | undefined {
  if (ended.kind === 'timeout') return `ended after ${task.timeoutMs} ms without a result: ${task.command}`;
  if (ended.kind === 'unstartable') return `could not be started: ${ended.message}`;
  if (ended.kind === 'exited' && ended.exitCode !== 0) return `exit code ${ended.exitCode}: ${task.command}`;
  return undefined;
}
