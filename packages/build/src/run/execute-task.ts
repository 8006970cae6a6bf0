import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../task/task.ts';
import type { BoundedEnd } from './run-bounded.ts';
import { type CommandEnd, type CommandRun, runCommand } from './run-command.ts';
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
  runner: Pick<TaskRunner, 'root' | 'env' | 'redaction' | 'confine' | 'commands'>,
  { task, signal, onLine }: Pick<TaskRun, 'task' | 'signal' | 'onLine'>,
): Promise<Execution> {
  const { env } = taskEnvironment(task, runner.root, runner.env);
  const startedAt = performance.now();
  const cwd = join(runner.root, task.directory);
  const within = runner.confine === undefined || task.directory === '.' ? [] : runner.confine(runner.root, writableBy(runner.root, cwd));
  const run = { command: task.command ?? '', within, cwd, env, timeoutMs: task.timeoutMs, signal };
  const clean = async () => (await runner.redaction())(env);
  const ended = onLine === undefined ? await cleaned(runner.commands.run(run), clean) : await shown(run, await clean(), onLine);
  const tookMs = Math.round(performance.now() - startedAt);
  const { end, lines } = ended;
  return { end: endOf(end, task, lines), log: lines.length === 0 ? '' : `${lines.join('\n')}\n`, tookMs };
}

/** The library that cleans is loaded where there is something to be cleaned. */
async function cleaned(running: Promise<BoundedEnd>, clean: () => Promise<(line: string) => string>): Promise<BoundedEnd> {
  const { end, lines } = await running;
  return { end, lines: lines.length === 0 ? lines : lines.map(await clean()) };
}

async function shown(
  run: Omit<CommandRun, 'onLine'>,
  clean: (line: string) => string,
  onLine: (line: string) => void,
): Promise<BoundedEnd> {
  const output = new TaskLog();
  const end = await runCommand({
    ...run,
    onLine: (line) => {
      const text = clean(line);
      output.add(text);
      onLine(text);
    },
  });
  return { end, lines: output.lines };
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
