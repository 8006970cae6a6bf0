import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from '@selfheal/repository';

/** Files of a folder, relative to the root of the workspace with `/`, sorted. */
export interface FileLists {
  /** What people and tools write by hand: everything that git does not ignore. */
  readonly sources: readonly string[];
  /** What tools make: everything that git ignores, installed packages aside. */
  readonly made: readonly string[];
}

/** Build output of a folder that git does not keep: there is nothing else that tells it from sources. */
const USUAL_OUTPUT = /(?:^|\/)(?:dist|build|out|lib|coverage)\//;
const NEVER = new Set(['node_modules', '.git', '.selfheal']);

/** The files below a folder of the workspace; `.` for all. */
export async function listFiles(root: string, folder: string): Promise<FileLists> {
  const cwd = join(root, folder);
  const [sources, ignored] = await Promise.all([
    askGit(cwd, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']),
    askGit(cwd, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']),
  ]);
  if (sources.exitCode !== 0 || ignored.exitCode !== 0) return withoutGit(root, folder);
  const made = await Promise.all(
    namesIn(ignored.stdout, folder).map((name) => (name.endsWith('/') ? walk(root, name.slice(0, -1)) : isKept(name) ? [name] : [])),
  );
  return { sources: [...new Set(namesIn(sources.stdout, folder).filter(isKept))].toSorted(), made: made.flat().toSorted() };
}

function namesIn(answer: Buffer, folder: string): string[] {
  const prefix = folder === '.' ? '' : `${folder}/`;
  return answer
    .toString('utf8')
    .split('\0')
    .flatMap((name) => (name === '' ? [] : [`${prefix}${name}`]));
}

async function withoutGit(root: string, folder: string): Promise<FileLists> {
  const all = (await walk(root, folder)).toSorted();
  return { sources: all.filter((name) => !USUAL_OUTPUT.test(name)), made: all.filter((name) => USUAL_OUTPUT.test(name)) };
}

async function walk(root: string, folder: string): Promise<string[]> {
  if (!isKept(`${folder}/`)) return [];
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: false }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const name = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (NEVER.has(entry.name)) return [];
      return entry.isDirectory() ? walk(root, name) : [name];
    }),
  );
  return found.flat();
}

function isKept(name: string): boolean {
  return !name.split('/').some((part) => NEVER.has(part));
}
