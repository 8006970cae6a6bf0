import { resolve } from 'node:path';
import { type ErrorCode, isErrorCode, SelfhealError } from '@selfheal/contracts';
import type { IngestResult } from '@selfheal/temporal';

/** An input that could not be read, or not to its end. */
export type Unread = IngestResult['rejected'][number];

/** Each file once for each thing that is wrong with it: a long log is read in several stretches. */
export function unreadOf(ingest: IngestResult | undefined): Unread[] {
  const each = new Map((ingest?.rejected ?? []).map((entry) => [`${entry.path}\n${entry.code}`, entry]));
  return [...each.values()];
}

/** Codes of files of which nothing at all was used. */
const NOTHING_USED: ReadonlySet<ErrorCode> = new Set(['LOG_BINARY', 'LOG_UNREADABLE', 'LOG_MISSING']);

/**
 * Fails with the code of the first where none of the files given turned out to be a log: what nobody could read must not pass for
 * healthy. `files` are absolute, paths of `unread` relative to `root` where they lie in it.
 */
export function refuseWhereNothingWasRead(files: readonly string[], unread: readonly Unread[], root: string): void {
  const useless = new Map<string, { code: ErrorCode; message: string }>();
  for (const { path, code, message } of unread)
    if (isErrorCode(code) && NOTHING_USED.has(code)) useless.set(resolve(root, path), { code, message });
  const [first, ...others] = files;
  const why = first === undefined ? undefined : useless.get(first);
  if (why === undefined || !files.every((file) => useless.has(file))) return;
  const more = others.length === 0 ? '' : `, and so with ${others.length} more of the files given`;
  throw new SelfhealError(why.code, `${why.message}${more}`, { where: { path: first } });
}
