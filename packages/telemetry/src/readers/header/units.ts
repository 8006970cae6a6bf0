import { ALNUM, BLANK, classes, DIGIT } from '../../templates/char-class.ts';

/** What a part of a line's head looks like, by its form alone. */
export type Role = 'stamp' | 'level' | 'number' | 'bracket' | 'source' | 'dash' | 'mark' | 'word';

/** A part of a line's head: a word, or a bracketed group with all its blanks. */
export interface Unit {
  role: Role;
  start: number;
  end: number;
}

const MAX_UNITS = 16;
const MAX_BRACKET = 200;
const LEVELS = new Set(
  'trace verbose silly debug dbg fine finer finest info information notice note log success warn warning wrn error err eror severe failure fatal critical crit alert emerg emergency panic'.split(
    ' ',
  ),
);
const LETTER_LEVELS = new Set(['V', 'D', 'I', 'W', 'E', 'F', 'T', 'C', 'N']);
const MONTH_OR_DAY = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[.,]?$/;
/** Dates and clocks in all orders and marks, also run together; epochs of ten digits and more. */
const STAMP =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[/-][A-Z][a-z]{2}[/-]\d{4}|\d{1,2}[-/.]\d{1,2}|\d{8})?[T_:\s-]*(?:\d{1,2}[:.]\d{1,2}[:.]\d{1,2}(?:[.,:]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?[,;:]?$|^\d{10}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?$/;
/** `I0501`: the letter of the level and month and day, run together. */
const LETTER_DATE = /^[IWEFD]\d{4}$/;
/** Year, month and day of six or eight digits; hour, minute and second of six. */
const COMPACT_DATE = /^(?:\d\d)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
const COMPACT_CLOCK = /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/;
/** Alone, it parts the head from the text: `1:M 01 May 2024 10:00:00 * Ready`. */
const MARK = /^[*#.~+]{1,3}$/;
/** A name that a colon ends and that is an error's: what follows is its message. */
const ERROR_NAME = /(?:Error|Exception|Warning|Failure|Fault)(?:\[\d+\])?:$/;
const MAX_SOURCE = 200;
const SOURCE = /^[A-Za-z_/][\w.$/@*()<>-]*(?:\[[\w.:-]*\])?:$|^[A-Za-z_/][\w.$/@()-]*\[\d+\]$|^[\w./-]+:\d+\]$|^\d{1,10}#\d{1,10}:$/;

/** The units at the start of a line, with their roles. */
export function unitsOf(line: string): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  while (units.length < MAX_UNITS) {
    while ((classes[line.charCodeAt(at)] ?? 0) & BLANK) at += 1;
    if (at >= line.length) break;
    const end = unitEnd(line, at);
    units.push({ role: 'word', start: at, end });
    at = end;
  }
  for (const [index, unit] of units.entries()) unit.role = roleOf(line, units, index);
  return units;
}

/** Where the unit that begins at a place ends. */
export function unitEnd(line: string, at: number): number {
  const bracket = bracketEnd(line, at);
  if (bracket > 0) return bracket;
  let end = at;
  while (end < line.length && ((classes[line.charCodeAt(end)] ?? 0) & BLANK) === 0) end += 1;
  return end;
}

function roleOf(line: string, units: readonly Unit[], index: number): Role {
  const unit = units[index];
  if (unit === undefined) return 'word';
  const text = line.slice(unit.start, unit.end);
  const first = text.charCodeAt(0);
  if (first === 91 || first === 40 || first === 60) {
    if (text.length < 3) return 'bracket';
    const inner = text.slice(1, text.endsWith(':') ? -2 : -1).trim();
    if (isLevel(inner)) return 'level';
    return isStampText(inner) ? 'stamp' : 'bracket';
  }
  if (/^[-|:]{1,3}$/.test(text)) return 'dash';
  if (MARK.test(text)) return 'mark';
  const before = units[index - 1]?.role;
  if (
    isStampWord(text) ||
    (index === 0 && LETTER_DATE.test(text)) ||
    (MONTH_OR_DAY.test(text) && followsDate(line, units, index)) ||
    (before === 'stamp' && isDatePart(line, units, index)) ||
    isDayBefore(line, units, index)
  )
    return 'stamp';
  if (isLevel(text.replace(/[:,|]$/, '')) || (LETTER_LEVELS.has(text) && (before === 'stamp' || before === 'number'))) return 'level';
  if (isDigits(text)) {
    const compact = COMPACT_DATE.test(text) || (before === 'stamp' && COMPACT_CLOCK.test(text));
    return compact && (index === 0 || before === 'stamp') ? 'stamp' : 'number';
  }
  return text.length <= MAX_SOURCE && SOURCE.test(text) && !ERROR_NAME.test(text) ? 'source' : 'word';
}

export function isLevel(word: string): boolean {
  return (
    word.length >= 3 && word.length <= 11 && LEVELS.has(word.toLowerCase()) && (word === word.toUpperCase() || /^[A-Z]?[a-z]+$/.test(word))
  );
}

function isStampWord(text: string): boolean {
  return (classes[text.charCodeAt(0)] ?? 0) & DIGIT ? text.length >= 5 && text.length <= 40 && STAMP.test(text) : false;
}

/** `Sun Dec 04 04:47:44 2005` within brackets. */
function isStampText(text: string): boolean {
  if (text.length > 40 || text === '') return false;
  const words = text.split(/\s+/);
  return (
    words.some(isStampWord) &&
    words.every((word) => isStampWord(word) || isDigits(word) || MONTH_OR_DAY.test(word) || /^[A-Z]{1,4}$/.test(word))
  );
}

/** A month or day of the week is a stamp where a number or another such word follows. */
function followsDate(line: string, units: readonly Unit[], index: number): boolean {
  const next = units[index + 1];
  const text = next === undefined ? '' : line.slice(next.start, next.end).replace(/,$/, '');
  return isDigits(text) ? text.length <= 4 : MONTH_OR_DAY.test(text);
}

/** Day, year and zone of a date that began with a word: numbers of a date, before its clock or right behind it. */
function isDatePart(line: string, units: readonly Unit[], index: number): boolean {
  const unit = units[index];
  const before = units[index - 1];
  if (unit === undefined || before === undefined) return false;
  const text = line.slice(unit.start, unit.end).replace(/,$/, '');
  const previous = line.slice(before.start, before.end);
  if (isDigits(text)) return MONTH_OR_DAY.test(previous) ? text.length <= 2 || isYear(text) : isYear(text) && wordDate(line, units, index);
  return /^(?:UTC|GMT|[A-Z]{2,3}T|AM|PM)$/.test(text) && previous.includes(':');
}

/** The day of `01 May 2024`. */
function isDayBefore(line: string, units: readonly Unit[], index: number): boolean {
  const [day = '', month = '', year = ''] = units.slice(index, index + 3).map((unit) => line.slice(unit.start, unit.end));
  return /^\d{1,2}$/.test(day) && MONTH_OR_DAY.test(month) && isYear(year.replace(/,$/, ''));
}

function isYear(text: string): boolean {
  return text.length === 4 && text > '1969' && text < '2100' && isDigits(text);
}

function wordDate(line: string, units: readonly Unit[], index: number): boolean {
  return units.slice(Math.max(0, index - 4), index).some((unit) => MONTH_OR_DAY.test(line.slice(unit.start, unit.end)));
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

/** The end of a bracketed group that starts here, with a colon behind it; 0 where none does. Groups may be nested. */
function bracketEnd(line: string, at: number): number {
  const open = line.charCodeAt(at);
  const close = open === 91 ? 93 : open === 40 ? 41 : open === 60 ? 62 : 0;
  if (close === 0) return 0;
  let depth = 0;
  const stop = Math.min(line.length, at + MAX_BRACKET);
  for (let index = at; index < stop; index += 1) {
    const code = line.charCodeAt(index);
    if (code === open) depth += 1;
    else if (code === close) {
      depth -= 1;
      if (depth > 0) continue;
      if ((classes[line.charCodeAt(index + 1)] ?? 0) & ALNUM) return index + 1;
      const next = line.charCodeAt(index + 1);
      return next === 58 ? index + 2 : next === open || index + 1 >= line.length || (classes[next] ?? 0) & BLANK ? index + 1 : 0;
    }
  }
  return 0;
}
