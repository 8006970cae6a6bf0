import { type Edit, SelfhealError } from '@selfheal/contracts';

/**
 * Applies edits in order to files read by `read` and gives the new bytes of each touched file. Works on bytes, so that what an edit does
 * not name stays as it is in any encoding and with any line ends. Fails with PATCH_CONFLICT where a search does not occur exactly once, a
 * file is missing or a new one exists, and with PATCH_FORBIDDEN for a path that is not one of the repository.
 */
export async function patchBytes(
  edits: readonly Edit[],
  read: (file: string) => Promise<Buffer | undefined>,
): Promise<Map<string, Buffer>> {
  const changed = new Map<string, Buffer>();
  for (const edit of edits) {
    requireOwnPath(edit.file);
    changed.set(edit.file, applyEdit(edit, changed.get(edit.file) ?? (await read(edit.file))));
  }
  return changed;
}

function applyEdit(edit: Edit, current: Buffer | undefined): Buffer {
  if (edit.search === '') {
    if (current !== undefined) throw conflict(edit, 'the new file exists already');
    return Buffer.from(edit.replace);
  }
  if (current === undefined) throw conflict(edit, 'the file does not exist');
  const search = Buffer.from(edit.search);
  const first = current.indexOf(search);
  if (first < 0) throw conflict(edit, 'the searched text does not occur');
  if (current.indexOf(search, first + 1) >= 0) throw conflict(edit, 'the searched text occurs more than once');
  return Buffer.concat([current.subarray(0, first), Buffer.from(edit.replace), current.subarray(first + search.length)]);
}

function requireOwnPath(file: string): void {
  const parts = file.split('/');
  const leaves = file === '' || file.includes('\0') || file.includes('\\') || file.startsWith('/') || parts.includes('..');
  if (leaves || parts.some((part) => part === '' || part === '.' || part.toLowerCase() === '.git'))
    throw new SelfhealError('PATCH_FORBIDDEN', `${JSON.stringify(file)} is not a path of the repository`, { where: { file } });
}

function conflict(edit: Edit, why: string): SelfhealError {
  const [firstLine = ''] = edit.search.split('\n', 1);
  return new SelfhealError('PATCH_CONFLICT', why, { where: { file: edit.file, search: firstLine.slice(0, 120) } });
}
