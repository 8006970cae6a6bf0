import type { Change } from '../patch/make-edits.ts';

/** The text of [start, end) with changes made within it; of changes that overlap, the first counts. */
export function rewrittenSpan(text: string, span: { start: number; end: number }, changes: readonly Change[]): string {
  const inOrder = changes.toSorted((a, b) => a.start - b.start);
  let at = span.start;
  let result = '';
  for (const change of inOrder) {
    if (change.start < at) continue;
    result += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return result + text.slice(at, span.end);
}

/** Changes that exchange texts as one change: made one after another, each would find the text that the one before put there. */
export function asOneChange(text: string, changes: readonly Change[]): Change[] {
  const changed = changes.filter((change) => text.slice(change.start, change.end) !== change.text);
  if (changed.length === 0) return [];
  const span = { start: Math.min(...changed.map((change) => change.start)), end: Math.max(...changed.map((change) => change.end)) };
  return [{ ...span, text: rewrittenSpan(text, span, changed) }];
}
