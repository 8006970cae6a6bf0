import { type Edit, SelfhealError } from '@selfheal/contracts';

/**
 * Applies edits in order to files read by `read`; gives the new content of each touched file. All or nothing: where one edit does not
 * fit, nothing is returned. Fails with PATCH_CONFLICT where a search does not occur exactly once or a new file exists already, and
 * with PATCH_FORBIDDEN for a path that leaves the repository.
 */
export async function applyEdits(
  edits: readonly Edit[],
  read: (file: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  for (const edit of edits) {
    requireInside(edit.file);
    const current = changed.get(edit.file) ?? (await read(edit.file));
    changed.set(edit.file, applyOne(edit, current));
  }
  return changed;
}

/** Refuses absolute paths, `..`, and anything of git's own. */
export function requireInside(file: string): void {
  const parts = file.split(/[\\/]/);
  const bad = file === '' || file.includes('\0') || /^([\\/]|[A-Za-z]:)/.test(file) || parts.includes('..');
  if (bad || parts.some((part) => part.toLowerCase() === '.git')) {
    throw new SelfhealError('PATCH_FORBIDDEN', `the path ${JSON.stringify(file)} is not one of the repository`, { where: { file } });
  }
}

function applyOne(edit: Edit, current: string | undefined): string {
  if (edit.search === '') {
    if (current !== undefined) throw new SelfhealError('PATCH_CONFLICT', 'the new file exists already', { where: { file: edit.file } });
    return edit.replace;
  }
  if (current === undefined) throw new SelfhealError('PATCH_CONFLICT', 'the file does not exist', { where: { file: edit.file } });
  const first = current.indexOf(edit.search);
  if (first < 0) throw new SelfhealError('PATCH_CONFLICT', 'the searched text does not occur', { where: { file: edit.file } });
  if (current.indexOf(edit.search, first + 1) >= 0) {
    throw new SelfhealError('PATCH_CONFLICT', 'the searched text occurs more than once', { where: { file: edit.file } });
  }
  return current.slice(0, first) + edit.replace + current.slice(first + edit.search.length);
}
