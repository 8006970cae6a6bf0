import { accessSync, constants, globSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The full path of an executable on `path` (as in PATH), else in the first of `folders` (globs) that has it; undefined when nowhere. */
export function findExecutable(name: string, path: string | undefined, folders: readonly string[] = []): string | undefined {
  const onPath = (path ?? '').split(delimiter).filter((folder) => folder !== '');
  const elsewhere = folders.flatMap((pattern) => globSync(pattern).sort().reverse());
  return [...onPath, ...elsewhere].map((folder) => join(folder, name)).find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
