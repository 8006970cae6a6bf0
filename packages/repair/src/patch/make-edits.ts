import type { Edit } from '@selfheal/contracts';

/** Replaces the characters [start, end) of a file by `text`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Minimal search-and-replace edits for changes of one file. Each covers whole lines and takes in lines around it until its search text
 * occurs exactly once; changes that come to overlap become one edit. Changes must not overlap each other.
 */
export function makeEdits(file: string, text: string, changes: readonly Change[]): Edit[] {
  const sorted = changes.filter((change) => text.slice(change.start, change.end) !== change.text).sort((a, b) => a.start - b.start);
  let spans = sorted.map((change) => ({ ...wholeLines(text, change.start, change.end), changes: [change] }));
  for (;;) {
    const merged = mergeOverlaps(spans.map((span) => ({ ...untilUnique(text, span), changes: span.changes })));
    if (merged.length === spans.length) return merged.map((span) => toEdit(file, text, span));
    spans = merged;
  }
}

/** The edit that makes a new file. */
export function newFile(file: string, text: string): Edit {
  return { file, search: '', replace: text };
}

interface Span {
  start: number;
  end: number;
}
interface Hunk extends Span {
  changes: Change[];
}

function wholeLines(text: string, start: number, end: number): Span {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const endsAtLineStart = end > start && text[end - 1] === '\n';
  const newline = endsAtLineStart ? end - 1 : text.indexOf('\n', end);
  return { start: lineStart, end: newline < 0 ? text.length : newline + 1 };
}

function untilUnique(text: string, span: Span): Span {
  let { start, end } = span;
  while ((start > 0 || end < text.length) && !isUnique(text, text.slice(start, end))) {
    if (start > 0) start = text.lastIndexOf('\n', start - 2) + 1;
    if (end < text.length) {
      const newline = text.indexOf('\n', end);
      end = newline < 0 ? text.length : newline + 1;
    }
  }
  return { start, end };
}

function isUnique(text: string, search: string): boolean {
  if (search.trim() === '') return false;
  const at = text.indexOf(search);
  return at >= 0 && text.indexOf(search, at + 1) < 0;
}

function mergeOverlaps(hunks: Hunk[]): Hunk[] {
  const merged: Hunk[] = [];
  for (const hunk of hunks) {
    const last = merged.at(-1);
    if (last && hunk.start < last.end) {
      last.end = Math.max(last.end, hunk.end);
      last.changes.push(...hunk.changes);
    } else merged.push({ ...hunk, changes: [...hunk.changes] });
  }
  return merged;
}

function toEdit(file: string, text: string, hunk: Hunk): Edit {
  let replace = '';
  let at = hunk.start;
  for (const change of hunk.changes) {
    replace += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return { file, search: text.slice(hunk.start, hunk.end), replace: replace + text.slice(at, hunk.end) };
}
