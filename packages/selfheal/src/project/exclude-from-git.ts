import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Node's own: the first build of a workspace waits for this, and loading execa takes longer than git does. */
const run = promisify(execFile);

/** Keeps the folder of selfheal's own state out of git, where it is in a repository, without a change to a file that git tracks. */
export async function excludeFromGit(root: string, dataDir: string): Promise<void> {
  const inside = relative(root, dataDir);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return;
  const told = await run('git', ['rev-parse', '--git-path', 'info/exclude'], { cwd: root }).catch(() => undefined);
  if (told === undefined) return;
  const file = resolve(root, told.stdout.trim());
  const line = `/${inside.split('\\').join('/')}/`;
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split('\n').includes(line)) return;
  await mkdir(resolve(file, '..'), { recursive: true });
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
