import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import type { Parsed } from './score.ts';

/** The release whose figures the design names. */
const VERSION = '0.9.11';
const SCRIPT = join(import.meta.dirname, 'run_drain3.py');

export interface Drain3Result {
  sets: Parsed[];
  /** Lines a second of processor time, by list of lines. */
  speed: number[];
}

/**
 * Drain3 (PyPI) in an environment of its own under `folder`, over the same lines; its masks are those of its examples. Gives why not,
 * where this machine has no Python or cannot get the package.
 */
export async function runDrain3(
  folder: string,
  sets: readonly (readonly string[])[],
  speed: readonly (readonly string[])[],
): Promise<Drain3Result | string> {
  try {
    const environment = join(folder, 'drain3');
    await execa('python3', ['-m', 'venv', environment]);
    const python = join(environment, 'bin/python');
    await execa(python, ['-m', 'pip', 'install', '--quiet', `drain3==${VERSION}`]);
    const job = { sets: await written(folder, 'set', sets), speed: await written(folder, 'speed', speed) };
    const { stdout } = await execa(python, [SCRIPT, JSON.stringify(job)], { maxBuffer: 1_000_000_000 });
    return JSON.parse(stdout);
  } catch (error) {
    const text = error instanceof ExecaError ? String(error.stderr || error.shortMessage) : String(error);
    return `drain3 does not run here: ${text.trim().split('\n').at(-1)}`;
  }
}

async function written(folder: string, name: string, lists: readonly (readonly string[])[]): Promise<string[]> {
  const paths = lists.map((_, index) => join(folder, `${name}-${index}.txt`));
  for (const [index, lines] of lists.entries()) await writeFile(paths[index] ?? '', lines.join('\n'));
  return paths;
}
