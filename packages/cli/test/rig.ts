import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HealReport } from 'selfheal';

const COMMAND = join(import.meta.dirname, '../bin/selfheal.js');

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person would, in a process of its own. */
export async function selfheal(
  args: readonly string[],
  options: { env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Ran> {
  const child = await execa(process.execPath, [COMMAND, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { CI: 'true', ...options.env },
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  return { exitCode: child.exitCode ?? -1, stdout: child.stdout, stderr: child.stderr };
}

/** As selfheal heal, with its report. */
export async function heal(
  root: string,
  logs: readonly string[],
  more: readonly string[] = [],
): Promise<Ran & { report: HealReport | undefined }> {
  const file = join(await mkdtemp(join(tmpdir(), 'selfheal-report-')), 'report.json');
  const ran = await selfheal(['heal', '--repo', root, '--logs', ...logs, '--json', file, ...more]);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return { ...ran, report: text === undefined ? undefined : (JSON.parse(text) as HealReport) };
}

export const COMMAND_FILE = COMMAND;
