import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { execa } from 'execa';

/** Keeps the folder of selfheal's own state out of git, where it is in a repository, without a change to a file that git tracks. */
export async function excludeFromGit(root: string, dataDir: string): Promise<void> {
  const inside = relative(root, dataDir);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return;
  const { stdout, exitCode } = await execa('git', ['rev-parse', '--git-path', 'info/exclude'], { cwd: root, reject: false });
  if (exitCode !== 0) return;
  const file = resolve(root, stdout.trim());
  const line = `/${inside.split('\\').join('/')}/`;
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split('\n').includes(line)) return;
  await mkdir(resolve(file, '..'), { recursive: true });
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
