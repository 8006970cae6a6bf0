import type { Edit } from '@selfheal/contracts';
import { applyEdit } from '@selfheal/repository';

/** Source text by path, relative to the repository. */
export type Files = Readonly<Record<string, string>>;

/**
 * Applies edits one after the other and returns all files, changed or not.
 * Fails with PATCH_CONFLICT where a `search` does not occur exactly once, a file is missing, or a new file is there already.
 */
export function applyEdits(files: Files, edits: readonly Edit[]): Record<string, string> {
  const after = new Map(Object.entries(files));
  for (const edit of edits) after.set(edit.file, applyEdit(edit, after.get(edit.file)));
  return Object.fromEntries(after);
}

/** The paths whose text differs, sorted. */
export function changedPaths(before: Files, after: Files): string[] {
  return Object.keys(after)
    .filter((path) => !Object.hasOwn(before, path) || before[path] !== after[path])
    .sort();
}
