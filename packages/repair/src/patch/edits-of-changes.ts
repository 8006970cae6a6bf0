import type { Edit, TextChange } from '@selfheal/contracts';
import { makeEdits } from './make-edits.ts';

/** The changes as edits that apply one after the other; where one would make another's place ambiguous, all of the file are one edit. */
export function editsOfChanges(changes: readonly TextChange[], texts: ReadonlyMap<string, string>): Edit[] {
  return [...new Set(changes.map(({ file }) => file))].flatMap((file) => {
    const text = texts.get(file) ?? '';
    const own = changes.filter((change) => change.file === file).sort((a, b) => a.start - b.start);
    const edits = makeEdits(file, text, own);
    return applyInOrder(edits, text) === replaceAll(text, own) ? edits : makeEdits(file, text, [asOne(text, own)]);
  });
}

function applyInOrder(edits: readonly Edit[], text: string): string | undefined {
  let now = text;
  for (const { search, replace } of edits) {
    const parts = now.split(search);
    if (parts.length !== 2) return undefined;
    now = parts.join(replace);
  }
  return now;
}

function asOne(text: string, changes: readonly TextChange[]): { start: number; end: number; text: string } {
  const start = Math.min(...changes.map((change) => change.start));
  const end = Math.max(...changes.map((change) => change.end));
  const behind = text.length - end;
  const whole = replaceAll(text, changes);
  return { start, end, text: whole.slice(start, whole.length - behind) };
}

function replaceAll(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}
