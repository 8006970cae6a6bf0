import { type Edit, SelfhealError } from '@selfheal/contracts';

/** Source text by path, relative to the repository. */
export type Files = Readonly<Record<string, string>>;

/**
 * Applies edits one after the other and returns all files, changed or not.
 * Fails with PATCH_CONFLICT where a `search` does not occur exactly once, a file is missing, or a new file is there already.
 */
export function applyEdits(files: Files, edits: readonly Edit[]): Record<string, string> {
  const after = new Map(Object.entries(files));
  for (const edit of edits) after.set(edit.file, applyEdit(after.get(edit.file), edit));
  return Object.fromEntries(after);
}

/** The paths whose text differs, sorted. */
export function changedPaths(before: Files, after: Files): string[] {
  return Object.keys(after)
    .filter((path) => !Object.hasOwn(before, path) || before[path] !== after[path])
    .sort();
}

function applyEdit(text: string | undefined, edit: Edit): string {
  if (edit.search === '') {
    if (text !== undefined) throw conflict(edit, 'the file to be made is there already');
    return edit.replace;
  }
  if (text === undefined) throw conflict(edit, 'the file is missing');
  const at = text.indexOf(edit.search);
  if (at < 0) throw conflict(edit, 'the text to be replaced is not there');
  if (text.indexOf(edit.search, at + 1) >= 0) throw conflict(edit, 'the text to be replaced occurs more than once');
  return text.slice(0, at) + edit.replace + text.slice(at + edit.search.length);
}

function conflict(edit: Edit, why: string): SelfhealError {
  const [firstLine = ''] = edit.search.split('\n', 1);
  return new SelfhealError('PATCH_CONFLICT', why, { where: { file: edit.file, search: firstLine.slice(0, 120) } });
}
