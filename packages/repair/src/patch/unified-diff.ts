import { structuredPatch } from 'diff';
import { changedPaths, type Files } from './apply-edits.ts';

const CONTEXT_LINES = 3;

/** One unified diff over all changed and new files, as `git apply` takes it. Files are compared byte for byte, line ends included. */
export function unifiedDiff(before: Files, after: Files): string {
  return changedPaths(before, after)
    .map((path) => fileDiff(path, Object.hasOwn(before, path) ? before[path] : undefined, after[path] ?? ''))
    .join('');
}

function fileDiff(path: string, before: string | undefined, after: string): string {
  const a = quoted(`a/${path}`);
  const b = quoted(`b/${path}`);
  const header = [`diff --git ${a} ${b}`];
  if (before === undefined) header.push('new file mode 100644');
  const { hunks } = structuredPatch(path, path, before ?? '', after, '', '', { context: CONTEXT_LINES });
  if (hunks.length > 0) header.push(`--- ${before === undefined ? '/dev/null' : tabbed(a)}`, `+++ ${tabbed(b)}`);
  const body = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  return `${[...header, ...body].join('\n')}\n`;
}

/** An empty range names the line before it: 0 for a new file. */
function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}

/** Git quotes names that hold quotes, backslashes, control or non-ASCII characters, in the manner of C, byte by byte. */
function quoted(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name)) return name;
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}

/** A name with a blank needs a tab behind it, so that its end is known. */
function tabbed(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}
