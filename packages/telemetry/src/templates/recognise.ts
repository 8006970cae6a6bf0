import { hexGroupsEnd, ipEnd, uuidEnd } from './address.ts';
import { calendarEnd, isoDateEnd } from './calendar.ts';
import { ALNUM, BLANK, classes, DIGIT, endOf, HEX, LETTER, PATH } from './char-class.ts';

/** Kinds of variables that their form alone gives away. */
export const KINDS = ['number', 'ip', 'uuid', 'hex', 'path', 'url', 'duration', 'date', 'id', 'host'] as const;
export type Kind = (typeof KINDS)[number];

const NUMBER = 0;
const IP = 1;
const UUID = 2;
const HEXADECIMAL = 3;
const FILE_PATH = 4;
const URL = 5;
const DURATION = 6;
const DATE = 7;
const ID = 8;
const HOST = 9;

const SIGNIFICANT_DIGITS = 3;
const MIN_HEX = 6;
const MIN_RANDOM = 16;
const MAX_SECRET_KIND = 40;
/** `"'<>)]}` */
const URL_STOPS = [34, 39, 60, 62, 41, 93, 125];

/**
 * Recognises a variable at a place of a text, without regexes and without looking back further than one character. `end` is where
 * it ends; 0 where none is. One instance serves one scanner: results are left in fields, so that nothing is allocated.
 */
export class Recogniser {
  kind = 0;
  /** Where the variable begins: a word in front of digits (`node12`) stays outside. */
  start = 0;

  /** A run of letters and digits that begins with a digit. */
  atDigit(text: string, at: number): number {
    const end = endOf(text, at, DIGIT);
    const next = text.charCodeAt(end);
    this.start = at;
    const groups = end - at <= 4 && (next === 58 || (classes[next] ?? 0) & HEX) ? hexGroupsEnd(text, at) : 0;
    if (groups > 0) return this.#is(HEXADECIMAL, groups);
    if (next === 46) {
      const ip = ipEnd(text, at, end);
      if (ip > 0) return this.#is(IP, ip);
    }
    if (next === 45) {
      if (end - at === 4) {
        const date = isoDateEnd(text, at);
        if (date > 0) return this.#is(DATE, date);
      }
      if (end - at === 8) {
        const uuid = uuidEnd(text, at);
        if (uuid > 0) return this.#is(UUID, uuid);
      }
    }
    if (next === 120 && end - at === 1 && text.charCodeAt(at) === 48) {
      const hex = endOf(text, end + 1, HEX);
      if (hex > end + 1) return this.#is(HEXADECIMAL, hex);
    }
    if (((classes[next] ?? 0) & LETTER) === 0) return this.#withTail(NUMBER, text, end);
    return this.#digitsThenLetters(text, at, end);
  }

  /** A run of letters and digits that begins with a letter and holds a digit; `end` is where the run ends. */
  atWord(text: string, at: number, end: number, firstDigit: number): number {
    this.start = at;
    const length = end - at;
    const changes = alternations(text, at, end);
    if (length >= MIN_HEX && (changes >= 2 || digitsIn(text, at, end) >= 3) && endOf(text, at, HEX) === end)
      return this.#withTail(HEXADECIMAL, text, end);
    if (length >= MIN_RANDOM && changes >= 5) return this.#is(ID, end);
    const digits = endOf(text, firstDigit, DIGIT);
    if (digits !== end || digits - firstDigit < SIGNIFICANT_DIGITS) return 0;
    this.start = firstDigit;
    return this.#withTail(NUMBER, text, end);
  }

  /**
   * A word with a mark behind it: `web-eu-41.shop.example`, a name of three parts with a digit, as machines and instances are numbered, or
   * `com.example/.ui.Main`, a path from a name. `end` is where the word ends.
   */
  atName(text: string, at: number, end: number): number {
    this.start = at;
    const uuid = end - at === 8 ? uuidEnd(text, at) : 0;
    if (uuid > 0) return this.#is(UUID, uuid);
    let hyphens = 0;
    let slashes = 0;
    let digits = 0;
    let dotted = false;
    let last = end;
    let host = end;
    for (let index = at; ; index += 1) {
      const code = text.charCodeAt(index);
      const kind = classes[code] ?? 0;
      if ((kind & ALNUM) !== 0) {
        last = index + 1;
        if (slashes > 0) continue;
        digits += kind & DIGIT;
        host = last;
        continue;
      }
      const joined = ((classes[text.charCodeAt(index + 1)] ?? 0) & ALNUM) !== 0;
      if (code === 45 && joined) hyphens += slashes === 0 ? 1 : 0;
      else if (code === 47 && (joined || text.charCodeAt(index + 1) === 46)) slashes += 1;
      else if (code === 46 && (joined || slashes > 0)) dotted ||= ((classes[text.charCodeAt(index + 1)] ?? 0) & LETTER) !== 0;
      else if (code !== 95 && code !== 36) break;
    }
    if (slashes > 0 && dotted) return this.#is(FILE_PATH, last);
    return hyphens >= 2 && digits > 0 ? this.#is(HOST, host) : 0;
  }

  /** A run of letters in front of a colon: an address like `FF:F2:9F:16`. */
  atColon(text: string, at: number): number {
    this.start = at;
    return this.#is(HEXADECIMAL, hexGroupsEnd(text, at));
  }

  /** What stands behind `://`: up to a blank, quote or closing bracket, without the marks of the sentence. */
  atAuthority(text: string, at: number): number {
    this.start = at;
    let end = 0;
    for (let index = at; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (((classes[code] ?? 0) & BLANK) !== 0 || URL_STOPS.includes(code)) break;
      if (code !== 46 && code !== 44 && code !== 58 && code !== 59) end = index + 1;
    }
    return this.#is(URL, end);
  }

  /** `C:\\Windows\\x.dll`: a drive and what is behind it. */
  atDrive(text: string, at: number): number {
    this.start = at;
    let end = at + 2;
    while (((classes[text.charCodeAt(end)] ?? 0) & PATH) !== 0 || text.charCodeAt(end) === 92) end += 1;
    while (text.charCodeAt(end - 1) === 46) end -= 1;
    return this.#is(FILE_PATH, end);
  }

  /** The hash in `<redacted:kind:hash>`; `at` is where the kind begins. */
  atPlaceholder(text: string, at: number): number {
    const colon = text.indexOf(':', at);
    this.start = colon + 1;
    const end = colon < 0 || colon - at > MAX_SECRET_KIND ? 0 : endOf(text, colon + 1, HEX);
    return this.#is(ID, end > this.start && text.charCodeAt(end) === 62 ? end : 0);
  }

  /** A month or day of the week that begins a date. */
  atCalendar(text: string, at: number): number {
    this.start = at;
    return this.#is(DATE, calendarEnd(text, at));
  }

  /** `/a/b`, `C:\a`: a path of two parts and more, or of one with a dot or digit; up to its last letter or digit. */
  atSlash(text: string, at: number): number {
    this.start = at;
    let parts = 0;
    let telling = false;
    let end = at;
    let index = at;
    for (; ; index += 1) {
      const code = text.charCodeAt(index);
      const kind = classes[code] ?? 0;
      if ((kind & PATH) === 0 && !(code === 58 && (classes[text.charCodeAt(index + 1)] ?? 0) & ALNUM) && code !== 42) break;
      if (code === 47) parts += 1;
      else if (code === 46 || kind & DIGIT) telling = true;
      if (code !== 46 && code !== 58) end = index + 1;
    }
    if (parts >= 2 && end - at > 2) return this.#is(FILE_PATH, end);
    return parts === 1 && telling && end - at > 2 && !((classes[text.charCodeAt(at + 1)] ?? 0) & DIGIT) ? this.#is(FILE_PATH, end) : 0;
  }

  #is(kind: number, end: number): number {
    this.kind = kind;
    return end;
  }

  /** `15ms`, `64KB`: a number and its unit. `9f4ef63`, `2x8k1`: an id as a whole. */
  #digitsThenLetters(text: string, at: number, digits: number): number {
    const letters = endOf(text, digits, LETTER);
    const end = endOf(text, letters, ALNUM);
    const uuid = end - at === 8 && text.charCodeAt(end) === 45 ? uuidEnd(text, at) : 0;
    if (uuid > 0) return this.#is(UUID, uuid);
    if (end - at >= MIN_HEX && endOf(text, at, HEX) === end) return this.#withTail(HEXADECIMAL, text, end);
    if (letters === end && end - digits <= 4) return this.#is(DURATION, digits);
    return this.#withTail(ID, text, end);
  }

  /** `20240501_0020_a_01`: what hangs on a number by underscores is one id with it. */
  #withTail(kind: number, text: string, end: number): number {
    let at = end;
    while (text.charCodeAt(at) === 95) {
      const next = endOf(text, at + 1, ALNUM);
      if (next === at + 1) break;
      at = next;
    }
    return this.#is(at > end ? ID : kind, at);
  }
}

/** How often letters and digits take turns. */
function alternations(text: string, at: number, end: number): number {
  let changes = 0;
  let before = (classes[text.charCodeAt(at)] ?? 0) & DIGIT;
  for (let index = at + 1; index < end; index += 1) {
    const kind = (classes[text.charCodeAt(index)] ?? 0) & DIGIT;
    if (kind !== before) changes += 1;
    before = kind;
  }
  return changes;
}

function digitsIn(text: string, at: number, end: number): number {
  let count = 0;
  for (let index = at; index < end; index += 1) count += (classes[text.charCodeAt(index)] ?? 0) & DIGIT;
  return count;
}
