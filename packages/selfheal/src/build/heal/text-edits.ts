import type { Edit } from '@selfheal/contracts';
import { type Change, makeEdits } from '@selfheal/repair';
import { diffLines } from 'diff';

/** The edits that turn one text of a file into another, line by line. */
export function textEdits(file: string, before: string, after: string): Edit[] {
  const changes: Change[] = [];
  let at = 0;
  let open: Change | undefined;
  for (const { value, added, removed } of diffLines(before, after)) {
    if (!added && !removed) {
      if (open !== undefined) changes.push(open);
      open = undefined;
      at += value.length;
      continue;
    }
    const { start, end, text } = open ?? { start: at, end: at, text: '' };
    open = { start, end: removed ? end + value.length : end, text: added ? text + value : text };
    if (removed) at += value.length;
  }
  if (open !== undefined) changes.push(open);
  return makeEdits(file, before, changes);
}
