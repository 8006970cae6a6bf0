import { type CommandEnd, type CommandRun, runCommand } from './run-command.ts';
import { TaskLog } from './task-log.ts';

export interface BoundedEnd {
  readonly end: CommandEnd;
  /** What it printed, of a flood its beginning and its end. */
  readonly lines: readonly string[];
}

/** Runs a command and gives its output when it has ended. */
export async function runBounded(run: Omit<CommandRun, 'onLine'>): Promise<BoundedEnd> {
  const output = new TaskLog();
  const end = await runCommand({ ...run, onLine: (line) => output.add(line) });
  return { end, lines: output.lines };
}
