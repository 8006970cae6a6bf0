import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type RejectedInput, SelfhealError } from '@selfheal/contracts';
import { glob, isDynamicPattern } from 'tinyglobby';
import { oldestFirst, rotatedName } from './rotation.ts';
import { segmentNames } from './segment-name.ts';

export interface FoundFile {
  path: string;
  /** Named itself, not met in a folder or by a glob: what is wrong with it is an error, not a remark. */
  explicit: boolean;
  /** A rotated sibling of a file that was named. Read only as the continuation of what was read before. */
  sibling: boolean;
}

const NOT_A_LOG =
  /(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[\w.-]*\.json|[\w.-]+\.(?:[cm]?[jt]sx?|map|md|html?|css|scss|ya?ml|toml|lock|png|jpe?g|gif|svg|ico|webp|pdf|zip|tar|tgz|bz2|xz|7z|exe|dll|so|db|sqlite3?|parquet|wasm|woff2?|mp4|sh|py|rb|go|rs|pid|sock|key|pem|crt))$/i;

/**
 * The files that the given paths mean, oldest of each log first. A path that is not there fails with LOG_MISSING, so do
 * globs and folders when nothing at all was found; members of folders and globs that are no logs are rejected politely. Of the
 * `intake` folder the segments are meant, and it may be empty.
 */
export async function discover(
  root: string,
  paths: readonly string[],
  intake?: string,
): Promise<{ files: FoundFile[]; rejected: RejectedInput[] }> {
  const found = new Map<string, FoundFile>();
  const rejected: RejectedInput[] = [];
  const empty: string[] = [];
  for (const path of paths) {
    const absolute = isAbsolute(path) ? path : resolve(root, path);
    if (absolute === intake) {
      const segments = (await segmentNames(absolute)).map((name) => join(absolute, name));
      addMembers(segments, found, rejected);
      continue;
    }
    const info = await statOf(absolute);
    if (info === undefined && isDynamicPattern(path)) {
      const members = await glob(path, {
        cwd: root,
        absolute: true,
        onlyFiles: true,
        dot: false,
        ignore: ['**/node_modules/**', '**/.git/**'],
      });
      if (members.length === 0) empty.push(path);
      addMembers(members, found, rejected);
    } else if (info === undefined) {
      throw new SelfhealError('LOG_MISSING', `nothing is at ${absolute}`, { where: { path: absolute } });
    } else if (info.isDirectory()) {
      const members = await glob('**/*', { cwd: absolute, absolute: true, onlyFiles: true, dot: false, ignore: ['**/node_modules/**'] });
      if (members.every((member) => NOT_A_LOG.test(member))) empty.push(absolute);
      addMembers(members, found, rejected);
    } else {
      found.set(absolute, { path: absolute, explicit: true, sibling: false });
      for (const member of await siblings(absolute))
        if (!found.has(member)) found.set(member, { path: member, explicit: false, sibling: true });
    }
  }
  if (empty.length > 0 && found.size === 0) {
    throw new SelfhealError('LOG_MISSING', `no log is found by ${empty.join(', ')}`, { where: { repository: root } });
  }
  const order = oldestFirst([...found.keys()]);
  return { files: order.flatMap((path) => found.get(path) ?? []), rejected };
}

/** The log files that the paths mean, absolute, without reading them. Fails with LOG_MISSING as a read would. */
export async function findLogFiles(root: string, paths: readonly string[]): Promise<string[]> {
  const { files } = await discover(root, paths);
  return files.filter(({ sibling }) => !sibling).map(({ path }) => path);
}

/** Stands a path for people: relative to the repository where it lies within. */
export function shownPath(root: string, path: string): string {
  const name = relative(root, path);
  return name === '' || name.startsWith('..') ? path : name;
}

export async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new SelfhealError('LOG_UNREADABLE', error instanceof Error ? error.message : String(error), { where: { path }, cause: error });
  }
}

function addMembers(members: readonly string[], found: Map<string, FoundFile>, rejected: RejectedInput[]): void {
  for (const path of members) {
    const before = found.get(path);
    if (before?.explicit === true) continue;
    if (NOT_A_LOG.test(path)) rejected.push({ path, code: 'LOG_BINARY', message: 'left out: its name is not that of a log' });
    else found.set(path, { path, explicit: false, sibling: false });
  }
}

async function siblings(path: string): Promise<string[]> {
  const own = rotatedName(path);
  if (own.rotated) return [];
  const folder = dirname(path);
  const name = basename(path);
  const beside = (await readdir(folder)).filter((entry) => entry.startsWith(`${name}.`) || entry.startsWith(`${name}-`));
  const members = beside.map((entry) => join(folder, entry)).filter((member) => rotatedName(member).group === own.group);
  const files = await Promise.all(members.map(async (member) => (await statOf(member))?.isFile() === true));
  return members.filter((_, index) => files[index] === true);
}
