import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import { type BuildReport, buildWorkspace, junit, type WorkspaceBuildRequest } from 'selfheal/build';
import { createBuildView, type LogOutput } from '../output/build-view.ts';
import { printBuild } from '../output/print-build.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';

export interface BuildOptions {
  readonly repo: string;
  readonly data?: string;
  readonly filter?: string[];
  readonly concurrency?: string;
  readonly onFailure?: NonNullable<WorkspaceBuildRequest['onFailure']>;
  readonly durable: boolean;
  readonly heal?: boolean;
  readonly apply?: boolean;
  readonly retryFailed?: boolean;
  readonly force?: boolean;
  readonly confine?: boolean;
  readonly output: LogOutput;
  readonly json?: string;
  readonly junit?: string;
  readonly quiet?: boolean;
}

/** `selfheal build`: exit 0 all is built, 1 a task failed or was blocked, 3 all is built but for changes that wait, 130 it was cancelled. */
export async function buildCommand(terminal: Terminal, tasks: string[], options: BuildOptions): Promise<void> {
  const { filter = [], concurrency, onFailure, retryFailed = false, heal = false, apply = false, data } = options;
  if (apply && !heal)
    throw new SelfhealError('INPUT_INVALID', '--apply goes with --heal; what a build offered is applied by `selfheal build fixes --apply`');
  if (retryFailed && (tasks.length > 0 || filter.length > 0))
    throw new SelfhealError('INPUT_INVALID', '--retry-failed takes the tasks and filters of the last build: give none beside it');
  const view = createBuildView(terminal, options);
  let report: BuildReport;
  try {
    report = await buildWorkspace({
      repo: options.repo,
      ...(data === undefined ? {} : { dataDir: data }),
      tasks,
      filters: filter,
      ...(concurrency === undefined ? {} : { concurrency: readConcurrency(concurrency) }),
      ...(onFailure === undefined ? {} : { onFailure }),
      ...(options.durable ? {} : { durable: false }),
      retryFailed,
      heal,
      apply,
      force: options.force === true,
      ...(options.confine === undefined ? {} : { confine: options.confine }),
      env: terminal.env,
      signal: terminal.signal,
      onPlan: view.onPlan,
      onEvent: view.onEvent,
      onNotice: view.onNotice,
      lines: options.output === 'interleaved',
    });
  } finally {
    view.close();
  }
  await writeJson(terminal, options.json, report);
  if (options.junit !== undefined) await writeText(resolve(options.junit), junit(report));
  if (options.json !== '-') printBuild(terminal, report, { quiet: options.quiet === true });
  exitWith(terminal.signal.aborted ? 130 : exitCodeOf(report));
}

/** As `heal` has it, 3 says that a change waits for review. */
function exitCodeOf({ successful, totalPackages, fixes }: BuildReport): number {
  if (successful < totalPackages) return 1;
  return fixes.some(({ state }) => state === 'offered') ? 3 : 0;
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function readConcurrency(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new SelfhealError('INPUT_INVALID', `--concurrency ${text} is no number from 1 to 9999`);
  return count;
}
