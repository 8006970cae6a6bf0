import type { Edit } from '@selfheal/contracts';
import { type Change, makeEdits } from '../patch/make-edits.ts';

/**
 * An entry in a changelog, in its own format: below the heading of unreleased changes, which is made where there is none, under "Fixed"
 * where it keeps such groups, with the bullet that it uses. No edit where the file has no form that is understood.
 */
export function changelogEntry(path: string, text: string, entry: string): Edit[] {
  const lines = text.split('\n');
  const bullet = /^(\s*)([-*+])\s/m.exec(text)?.[2] ?? '-';
  const unreleased = lines.findIndex((line) => /^#{1,3}\s*\[?(unreleased|next|upcoming|head|main)\b/i.test(line));
  const change = unreleased >= 0 ? inUnreleased(lines, unreleased, bullet, entry, text) : newUnreleased(lines, bullet, entry, text);
  if (!change) return [];
  const anchored = anchoredEdit(path, text, change);
  return anchored ? [anchored] : makeEdits(path, text, [change]);
}

/**
 * The insertion as an edit of the one line above it. Two fixes add to the same list at the same time; with no more than that line to find,
 * each can still be made after the other.
 */
function anchoredEdit(path: string, text: string, { start, end, text: inserted }: Change): Edit | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const above = text.slice(0, start);
  if (start !== end || !above.endsWith(newline) || !inserted.endsWith(newline)) return undefined;
  const line = above.slice(0, -newline.length).split(newline).at(-1) ?? '';
  if (line.trim() === '' || text.split(line).length !== 2) return undefined;
  return { file: path, search: line, replace: `${line}${newline}${inserted.slice(0, -newline.length)}` };
}

function inUnreleased(lines: readonly string[], heading: number, bullet: string, entry: string, text: string): Change {
  const level = /^#+/.exec(lines[heading] ?? '')?.[0].length ?? 2;
  const next = lines.findIndex((line, index) => index > heading && headingLevel(line) > 0 && headingLevel(line) <= level);
  const end = next < 0 ? lines.length : next;
  const section = lines.slice(heading + 1, end);
  const groups = section.findIndex((line) => headingLevel(line) > level);
  if (groups >= 0) return inGroup(lines, heading + 1, end, level + 1, bullet, entry, text);
  const lastEntry = heading + 1 + section.findLastIndex((line) => line.trim() !== '');
  if (lastEntry === heading) return insertAt(text, lines, heading + 1, `\n${bullet} ${entry}\n`);
  return insertAt(text, lines, lastEntry + 1, `${bullet} ${entry}\n`);
}

/** Keep a Changelog: "### Fixed". */
function inGroup(lines: readonly string[], from: number, to: number, level: number, bullet: string, entry: string, text: string): Change {
  const fixed = lines.findIndex((line, index) => index >= from && index < to && /^#+\s*((bug\s*)?fix(ed|es)?)\b/i.test(line));
  if (fixed < 0) {
    let last = to - 1;
    while (last > from && (lines[last] ?? '').trim() === '') last -= 1;
    return insertAt(text, lines, last + 1, `\n${'#'.repeat(level)} Fixed\n\n${bullet} ${entry}\n`);
  }
  const next = lines.findIndex((line, index) => index > fixed && index < to && headingLevel(line) > 0);
  let last = (next < 0 ? to : next) - 1;
  while (last > fixed && (lines[last] ?? '').trim() === '') last -= 1;
  return insertAt(text, lines, last + 1, last === fixed ? `\n${bullet} ${entry}\n` : `${bullet} ${entry}\n`);
}

/** Above the newest version. */
function newUnreleased(lines: readonly string[], bullet: string, entry: string, text: string): Change | undefined {
  const newest = lines.findIndex((line) => /^#{1,3}\s*\[?v?\d+\.\d+/.test(line));
  if (newest < 0) return undefined;
  const marks = '#'.repeat(headingLevel(lines[newest] ?? ''));
  return insertAt(text, lines, newest, `${marks} Unreleased\n\n${bullet} ${entry}\n\n`);
}

function headingLevel(line: string): number {
  return /^(#{1,6})\s/.exec(line)?.[1]?.length ?? 0;
}

function insertAt(text: string, lines: readonly string[], line: number, inserted: string): Change {
  const at = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  const start = Math.min(at, text.length);
  const needsBreak = start === text.length && !text.endsWith('\n') ? '\n' : '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return { start, end: start, text: needsBreak + inserted.replaceAll('\n', newline) };
}
