import { posix } from 'node:path';
import { isRecord, isTexts, parsed } from './json-shape.ts';

/** A file that a task made: path relative to the workspace's root, and `file:`, `exec:` or `link:` with the SHA-256 of its content. */
export type Output = readonly [path: string, hash: string];

export interface CachedResult {
  readonly durationMs: number;
  /** Hash of the log, as that of an output. */
  readonly log: string;
  readonly outputs: readonly Output[];
}

/**
 * Reads the record of a result; undefined where it is none. A cache may be shared with others, so a path that leads out of the package's
 * folder is refused as damage is.
 */
export function readCachedResult(text: string, directory: string): CachedResult | undefined {
  const value = parsed(text);
  if (!isRecord(value)) return undefined;
  const { durationMs, log, outputs } = value;
  if (typeof durationMs !== 'number' || !isHash(log) || !Array.isArray(outputs)) return undefined;
  const read = outputs.flatMap((entry: unknown): Output[] => {
    if (!isTexts(entry, 2)) return [];
    const [path = '', hash = ''] = entry;
    return isHash(hash) && isBelow(path, directory) ? [[path, hash]] : [];
  });
  return read.length === outputs.length ? { durationMs, log, outputs: read } : undefined;
}

export function isBelow(path: string, directory: string): boolean {
  if (path === '' || posix.isAbsolute(path) || posix.normalize(path) !== path || path.startsWith('../')) return false;
  return directory === '.' || path.startsWith(`${directory}/`);
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^(?:file|exec|link):[0-9a-f]{64}$/.test(value);
}
