import type { Edit } from '@selfheal/contracts';
import { SelfhealError } from '@selfheal/contracts/errors';
import { requireOwnPath } from './own-path.ts';

/**
 * Applies edits in order to files read by `read` and gives the new bytes of each touched file, all or nothing. Works on bytes, so that what
 * an edit does not name stays as it is in any encoding and with any line ends. Fails with PATCH_CONFLICT where a search does not occur exactly
 * once, a file is missing or a new one exists, and with PATCH_FORBIDDEN for a path that is not one of the repository.
 */
export async function applyEdits(
  edits: readonly Edit[],
  read: (file: string) => Promise<Buffer | undefined>,
): Promise<Map<string, Buffer>> {
  const changed = new Map<string, Buffer>();
  for (const edit of edits) {
    requireOwnPath(edit.file);
    changed.set(edit.file, applyToBytes(edit, changed.get(edit.file) ?? (await read(edit.file))));
  }
  return changed;
}

/** One edit on a text; `current` is undefined where there is no such file. Fails with PATCH_CONFLICT as applyEdits does. */
export function applyEdit(edit: Edit, current: string | undefined): string {
  const at = placeOf(edit, current);
  return current === undefined ? edit.replace : current.slice(0, at) + edit.replace + current.slice(at + edit.search.length);
}

function applyToBytes(edit: Edit, current: Buffer | undefined): Buffer {
  const at = placeOf(edit, current);
  if (current === undefined) return Buffer.from(edit.replace);
  return Buffer.concat([current.subarray(0, at), Buffer.from(edit.replace), current.subarray(at + Buffer.byteLength(edit.search))]);
}

/** What text and bytes share; bytes are searched for the UTF-8 of the text. */
interface Content {
  indexOf(text: string, from?: number): number;
}

function placeOf(edit: Edit, current: Content | undefined): number {
  if (edit.search === '') {
    if (current !== undefined) throw conflict(edit, 'the new file exists already');
    return 0;
  }
  if (current === undefined) throw conflict(edit, 'the file does not exist');
  const at = current.indexOf(edit.search);
  if (at < 0) throw conflict(edit, 'the searched text does not occur');
  if (current.indexOf(edit.search, at + 1) >= 0) throw conflict(edit, 'the searched text occurs more than once');
  return at;
}

function conflict(edit: Edit, why: string): SelfhealError {
  const [firstLine = ''] = edit.search.split('\n', 1);
  return new SelfhealError('PATCH_CONFLICT', why, { where: { file: edit.file, search: firstLine.slice(0, 120) } });
}
