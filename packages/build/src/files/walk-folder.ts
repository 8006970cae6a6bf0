import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose files are neither sources nor results: installed packages, git's own, selfheal's own state. */
const NEVER = new Set(['node_modules', '.git', '.selfheal']);

export interface Entry {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** What a folder holds; nothing where it is none. Symbolic links are files. */
export function entriesOf(root: string, folder: string): Entry[] {
  let found: ReturnType<typeof read>;
  try {
    found = read(join(root, folder));
  } catch {
    // It was removed meanwhile, or never was.
    return [];
  }
  const prefix = folder === '.' ? '' : `${folder}/`;
  return found.flatMap((entry) => (NEVER.has(entry.name) ? [] : [{ path: `${prefix}${entry.name}`, isFolder: entry.isDirectory() }]));
}

/** Every file below a folder. */
export function walkFolder(root: string, folder: string): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { path, isFolder } of entriesOf(root, next)) (isFolder ? pending : found).push(path);
  }
  return found;
}

export function isKept(path: string): boolean {
  return !path.split('/').some((part) => NEVER.has(part));
}

function read(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
