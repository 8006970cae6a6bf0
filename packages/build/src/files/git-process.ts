import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { gitEnvironment, SAFE_SETTINGS } from '@selfheal/repository/git-settings';

/** Git, with nothing loaded but what starts it: a build with nothing to do is over before a library would be read. */
export function startGit(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn('git', [...SAFE_SETTINGS, ...args], { cwd: folder, env: gitEnvironment(), stdio: 'pipe' });
}

/** The names that git prints with `-z`; undefined where it says no, or is not there. */
export async function gitNames(folder: string, args: readonly string[]): Promise<string[] | undefined> {
  const child = startGit(folder, args);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.resume();
  child.stdin.end();
  try {
    const [exitCode]: (number | null)[] = await once(child, 'close');
    if (exitCode !== 0) return undefined;
  } catch {
    return undefined;
  }
  const names = Buffer.concat(chunks).toString('utf8').split('\0');
  return names.filter((name) => name !== '');
}
