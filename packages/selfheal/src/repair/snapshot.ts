import { cp, lstat, mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { linkPackages, packagesAbove } from './link-packages.ts';

/** A folder's files as they are now, committed once in a git repository of their own; the folder itself is only read. */
export interface Snapshot extends AsyncDisposable {
  readonly root: string;
  readonly dataDir: string;
  readonly commit: string;
  /** Names the files' contents: equal folders have equal trees. */
  readonly tree: string;
}

const LEFT_OUT = new Set(['node_modules', '.git', '.selfheal', 'coverage', '.cache']);

export interface SnapshotOptions {
  /** Folders that are no part of it, such as that of our own state. */
  readonly without?: readonly string[];
  /** The folder to make it in, emptied before; default: a temporary one. */
  readonly home?: string;
}

/**
 * Takes a snapshot of a working folder, whether it is a git repository or not, uncommitted work included. Its node_modules folders are
 * linked, not copied. Fails with REPO_MISSING.
 */
export async function takeSnapshot(folder: string, { without = [], home }: SnapshotOptions = {}): Promise<Snapshot> {
  const source = await realpath(resolve(folder)).catch(() => {
    throw new SelfhealError('REPO_MISSING', `${resolve(folder)} does not exist`);
  });
  const place = home === undefined ? await mkdtemp(join(tmpdir(), 'selfheal-repair-')) : await emptied(home);
  const remove = (): Promise<void> => rm(place, { recursive: true, force: true });
  try {
    const root = join(place, 'repo');
    await mkdir(root);
    const real = await Promise.all(without.map((path) => realpath(resolve(path)).catch(() => resolve(path))));
    const leftOut = real.map((path) => `${relative(source, path)}/`);
    const files = (await listFiles(source)).filter((file) => !leftOut.some((path) => file.startsWith(path)));
    for (const file of files) await copyFile(join(source, file), join(root, file));
    const packages = files.filter((file) => basename(file) === 'package.json').map((file) => dirname(file));
    await linkPackages(source, root, [...new Set(['.', ...packages])]);
    const above = await packagesAbove(source);
    if (above !== undefined) await symlink(above, join(place, 'node_modules'));
    const { commit, tree } = await commitAll(root);
    return { root, dataDir: join(place, 'data'), commit, tree, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function emptied(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return realpath(folder);
}

/** What git would take, or without git every file but packages and build caches. */
async function listFiles(source: string): Promise<string[]> {
  const listed = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: source, reject: false });
  const files = listed.exitCode === 0 ? listed.stdout.split('\0').filter((file) => file !== '') : [];
  const kept = files.filter((file) => !file.split('/').some((part) => LEFT_OUT.has(part)));
  // A folder that is ignored by the repository around it (a build area) has files of its own all the same.
  return kept.length > 0 ? [...new Set(kept)] : walk(source, source);
}

async function walk(top: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (LEFT_OUT.has(entry.name)) return [];
      if (entry.isDirectory()) return walk(top, path);
      return entry.isFile() || entry.isSymbolicLink() ? [relative(top, path)] : [];
    }),
  );
  return found.flat();
}

/** A tracked file may be deleted in the working folder. */
async function copyFile(from: string, to: string): Promise<void> {
  if ((await lstat(from).catch(() => undefined)) === undefined) return;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { verbatimSymlinks: true });
}

async function commitAll(root: string): Promise<{ commit: string; tree: string }> {
  const git = async (...args: string[]): Promise<string> =>
    (
      await execa('git', ['-c', 'user.name=selfheal', '-c', 'user.email=selfheal@localhost', '-c', 'core.hooksPath=/dev/null', ...args], {
        cwd: root,
      })
    ).stdout;
  await git('init', '-q', '-b', 'main');
  await git('config', 'core.excludesFile', '/dev/null');
  await git('add', '-A', '--', '.', ':(exclude,glob)**/node_modules/**', ':(exclude,glob)**/node_modules');
  await git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'as it is');
  return { commit: await git('rev-parse', 'HEAD'), tree: await git('rev-parse', 'HEAD^{tree}') };
}
