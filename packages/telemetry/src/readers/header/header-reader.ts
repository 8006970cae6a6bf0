import { isCalendarWord } from '../../templates/calendar.ts';
import { BLANK, classes, DIGIT } from '../../templates/char-class.ts';
import type { HeaderLayout } from './layout.ts';
import { isLevel, type Role, unitEnd, unitsOf } from './units.ts';

/** What the head of a line says. */
export interface Header {
  stamp?: string;
  level?: string;
  source?: string;
  /** What stands in brackets and is no request id. */
  thread?: string;
  requestId?: string;
  pid?: number;
}

const MAX_COLUMNS = 32;
/** A UUID or 16 hex digits and more, with the word that leads to it (`req-…`). */
const REQUEST_ID = /[\w-]{0,16}(?<![0-9a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,32})(?![\w-])/;

/**
 * Cuts the head off lines of one layout, without regexes: the layout tells what stands where, so only the first stamp and what some
 * lines lack is looked at. One per source.
 */
export class HeaderReader {
  readonly #layout: HeaderLayout;
  readonly #anchor: number;
  readonly #first: number;
  readonly #starts = new Int32Array(MAX_COLUMNS);
  readonly #ends = new Int32Array(MAX_COLUMNS);
  #columns = 0;

  constructor(layout: HeaderLayout) {
    this.#layout = layout;
    this.#anchor = Math.max(layout.roles.lastIndexOf('stamp'), layout.roles.lastIndexOf('level'));
    this.#first = layout.roles.findIndex((role) => role === 'stamp' || role === 'level');
  }

  /** Where the text of a line begins; 0 where the line has no head. */
  end(line: string): number {
    this.#columns = 0;
    if (this.#first < 0) return 0;
    return this.#layout.delimiter === '' ? this.#spaced(line) : this.#delimited(line);
  }

  /** What the head of the line given to `end` last says. */
  header(line: string): Header {
    const header: Header = {};
    for (let column = 0; column < this.#columns; column += 1) {
      const role = this.#layout.roles[column];
      const text = bare(line, this.#starts[column] ?? 0, this.#ends[column] ?? 0);
      if (role === 'stamp') takeStamp(header, text);
      else if (role === 'level') header.level ??= text.toLowerCase();
      else if (role === 'bracket') takeBracket(header, text);
      else if (role === 'number') header.pid ??= Number(text);
      else if (role === 'source' || (role === 'word' && this.#layout.delimiter !== '')) takeSource(header, text);
    }
    return header;
  }

  #spaced(line: string): number {
    const { roles, dashWithin } = this.#layout;
    let at = skipBlanks(line, 0);
    let end = 0;
    for (let column = 0; column < roles.length && at < line.length; column += 1) {
      const role = roles[column] ?? 'word';
      const stop = unitEnd(line, at);
      if (column === this.#first && !begins(line, at, stop, role)) return 0;
      // A line without the source or group that others have there begins its text here.
      if (column > this.#anchor && !has(line, at, stop, role)) break;
      this.#starts[column] = at;
      this.#ends[column] = stop;
      this.#columns = column + 1;
      end = role === 'bracket' && column === roles.length - 1 ? groupsEnd(line, stop) : stop;
      at = skipBlanks(line, stop);
    }
    if (this.#columns <= this.#anchor) return 0;
    return skipBlanks(line, dashWithin === 0 ? end : dashEnd(line, end, dashWithin));
  }

  #delimited(line: string): number {
    const { delimiter, roles } = this.#layout;
    let at = 0;
    for (let column = 0; column < roles.length; column += 1) {
      const next = line.indexOf(delimiter, at);
      if (next < 0) break;
      if (column === 0 && !beginsField(line, next, roles[0])) return 0;
      this.#starts[column] = at;
      this.#ends[column] = next;
      this.#columns = column + 1;
      at = next + delimiter.length;
    }
    return this.#columns === 0 ? 0 : skipBlanks(line, at);
  }
}

/** Whether a unit can be the first stamp or level of a head: by its first characters, as the layout expects it. */
function begins(line: string, start: number, end: number, role: Role): boolean {
  let at = start;
  const code = line.charCodeAt(at);
  if (code === 91 || code === 40 || code === 60) at += 1;
  if (role === 'stamp' && ((classes[line.charCodeAt(at)] ?? 0) & DIGIT) !== 0) return end - at >= 2 && !hasLetters(line, at, end);
  if (role === 'stamp' && isCalendarWord(line, at)) return true;
  return unitsOf(line.slice(start, start + 64))[0]?.role === role;
}

function beginsField(line: string, end: number, role: Role | undefined): boolean {
  return role === 'level' ? isLevel(line.slice(0, end).trim()) : begins(line, 0, end, 'stamp');
}

/** Letters that no stamp has: all but one (`T`, `Z`), or a month between marks. */
function hasLetters(line: string, start: number, end: number): boolean {
  let letters = 0;
  for (let at = start; at < end && at < start + 40; at += 1) {
    const code = line.charCodeAt(at) | 32;
    if (code >= 97 && code <= 122) letters += 1;
  }
  return letters > 3;
}

function has(line: string, start: number, end: number, role: Role): boolean {
  const first = line.charCodeAt(start);
  const last = line.charCodeAt(end - 1);
  // A lone dash stands for a group that is empty.
  if (role === 'bracket') return first === 91 || first === 40 || first === 60 || (first === 45 && end === start + 1);
  if (role === 'source') return last === 58 || last === 93;
  if (role === 'dash') return end - start <= 3 && (first === 45 || first === 124 || first === 58);
  return true;
}

function dashEnd(line: string, end: number, within: number): number {
  let at = end;
  for (let unit = 0; unit < within; unit += 1) {
    const start = skipBlanks(line, at);
    at = unitEnd(line, start);
    if (at > start && has(line, start, at, 'dash')) return at;
  }
  return end;
}

/** Groups that follow one another without a blank (`[a x="1"][b y="2"]`) are one. */
function groupsEnd(line: string, end: number): number {
  let at = end;
  while (line.charCodeAt(at) === 91 && unitEnd(line, at) > at) at = unitEnd(line, at);
  return at;
}

/** A column without the bracket around it and the colon behind it. */
function bare(line: string, start: number, end: number): string {
  let from = start;
  let to = end;
  if (line.charCodeAt(to - 1) === 58) to -= 1;
  const first = line.charCodeAt(from);
  if (first === 91 || first === 40 || first === 60) {
    from += 1;
    to -= 1;
  }
  return line.slice(from, to).trim();
}

/** `I0501` is a severity too. */
function takeStamp(header: Header, text: string): void {
  const letter = /^[A-Z](?=\d{4}$)/.exec(text)?.[0];
  if (letter !== undefined) header.level ??= letter.toLowerCase();
  const stamp = letter === undefined ? text : text.slice(1);
  header.stamp = header.stamp === undefined ? stamp : `${header.stamp} ${stamp}`;
}

function takeBracket(header: Header, text: string): void {
  const id = REQUEST_ID.exec(text)?.[0];
  if (id === undefined) header.thread ??= text;
  else header.requestId ??= id;
}

function takeSource(header: Header, text: string): void {
  const open = text.endsWith(']') ? text.lastIndexOf('[') : -1;
  header.source ??= open < 0 ? text.replace(/\]$/, '') : text.slice(0, open);
  const pid = open < 0 ? Number.NaN : Number(text.slice(open + 1, -1));
  if (Number.isInteger(pid)) header.pid ??= pid;
}

function skipBlanks(line: string, at: number): number {
  let end = at;
  while (((classes[line.charCodeAt(end)] ?? 0) & BLANK) !== 0) end += 1;
  return end;
}
