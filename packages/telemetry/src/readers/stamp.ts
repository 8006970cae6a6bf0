/**
 * Time stamps as logs write them. A stamp without a zone is read as UTC, so that the same file gives the same times on
 * every machine. Stamps that name no year or no day take these from `reference` (epoch ms), never lying over a day in its future.
 */

export interface StampAt {
  /** Epoch ms. */
  stamp: number;
  /** Characters that the stamp takes at the start of the text. */
  length: number;
}

const DAY = 86_400_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const CLOCK = '(\\d{1,2}):(\\d{2}):(\\d{2})(?:[.,:](\\d{1,9}))?';
const ZONE = '(?: ?(Z\\b|UTC\\b|GMT(?:[+-]\\d{4})?|[+-]\\d{2}:?\\d{2}\\b))?';

const WORD = /\w/;
const NANOSECONDS = /^\d{19}$/;

type Parts = (match: RegExpExecArray, reference: number) => number | undefined;

const forms: readonly { pattern: RegExp; read: Parts }[] = [
  // 2024-05-01T10:00:00.123Z, 2024-05-01 10:00:00,123 +02:00, 2024/05/01 10:00:00
  {
    pattern: new RegExp(`^(\\d{4})[-/.](\\d{2})[-/.](\\d{2})[T _-]${CLOCK}${ZONE}`),
    read: (m) => utc(num(m[1]), num(m[2]) - 1, num(m[3]), m[4], m[5], m[6], m[7], m[8]),
  },
  // 01/May/2024:10:00:00 +0000 (access logs)
  {
    pattern: new RegExp(`^(\\d{2})/${MONTH}/(\\d{4}):${CLOCK}${ZONE}`),
    read: (m) => utc(num(m[3]), month(m[2]), num(m[1]), m[4], m[5], m[6], m[7], m[8]),
  },
  // May 1 2024 10:00:00, May 1, 2024 10:00:00
  {
    pattern: new RegExp(`^${MONTH} +(\\d{1,2}),? (\\d{4})[ ,]+${CLOCK}${ZONE}`),
    read: (m) => utc(num(m[3]), month(m[1]), num(m[2]), m[4], m[5], m[6], m[7], m[8]),
  },
  // Sun Dec 04 04:47:44 2005 (Apache, ctime)
  {
    pattern: new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} +(\\d{1,2}) ${CLOCK} (\\d{4})`),
    read: (m) => utc(num(m[7]), month(m[1]), num(m[2]), m[3], m[4], m[5], m[6], undefined),
  },
  // Sun Dec 04 2005 04:47:44 GMT+0000 (JavaScript)
  {
    pattern: new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} +(\\d{1,2}) (\\d{4}) ${CLOCK}${ZONE}(?: \\([^)]{0,60}\\))?`),
    read: (m) => utc(num(m[3]), month(m[1]), num(m[2]), m[4], m[5], m[6], m[7], m[8]),
  },
  // May  1 10:00:00 (syslog; no year)
  {
    pattern: new RegExp(`^${MONTH} +(\\d{1,2}) ${CLOCK}`),
    read: (m, reference) => yearless(reference, month(m[1]), num(m[2]), m[3], m[4], m[5], m[6]),
  },
  // 05/01/2024, 3:04:05 PM (NestJS, toLocaleString of en-US)
  {
    pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?( [AP]M)?/,
    read: (m) => utc(num(m[3]), num(m[1]) - 1, num(m[2]), twelveHour(m[4], m[8]), m[5], m[6], m[7], undefined),
  },
  // 01.05.2024 10:00:00
  {
    pattern: new RegExp(`^(\\d{2})\\.(\\d{2})\\.(\\d{4}),? ${CLOCK}${ZONE}`),
    read: (m) => utc(num(m[3]), num(m[2]) - 1, num(m[1]), m[4], m[5], m[6], m[7], m[8]),
  },
  // 1 May 2024 10:00:00, 01-May-2024 10:00:00
  {
    pattern: new RegExp(`^(\\d{1,2})[ -]${MONTH}[ -](\\d{4})[ ,]+${CLOCK}${ZONE}`),
    read: (m) => utc(num(m[3]), month(m[2]), num(m[1]), m[4], m[5], m[6], m[7], m[8]),
  },
  // 24/05/01 10:00:00 (log4j; where that is no date, the day is first)
  {
    pattern: new RegExp(`^(\\d{2})/(\\d{2})/(\\d{2}) ${CLOCK}`),
    read: (m) => {
      const time = [m[4], m[5], m[6], m[7], undefined] as const;
      return utc(2000 + num(m[1]), num(m[2]) - 1, num(m[3]), ...time) ?? utc(2000 + num(m[3]), num(m[2]) - 1, num(m[1]), ...time);
    },
  },
  // 01.05.24 10:00:00
  {
    pattern: new RegExp(`^(\\d{2})\\.(\\d{2})\\.(\\d{2}),? ${CLOCK}`),
    read: (m) => utc(2000 + num(m[3]), num(m[2]) - 1, num(m[1]), m[4], m[5], m[6], m[7], undefined),
  },
  // 05.01 10:00:00 (no year)
  {
    pattern: new RegExp(`^(\\d{2})\\.(\\d{2}) ${CLOCK}`),
    read: (m, reference) => yearless(reference, num(m[1]) - 1, num(m[2]), m[3], m[4], m[5], m[6]),
  },
  // 20240501-10:00:00:123, 20240501 100000, 20240501T100000Z
  {
    pattern: /^(\d{4})(\d{2})(\d{2})[-T ](\d{1,2}):?(\d{1,2}):?(\d{1,2})(?:[:.,](\d{1,9}))?(Z\b)?/,
    read: (m) =>
      num(m[1]) < 1970 || num(m[1]) > 2200 ? undefined : utc(num(m[1]), num(m[2]) - 1, num(m[3]), m[4], m[5], m[6], m[7], m[8]),
  },
  // 03-17 16:13:38.811 (Android; no year)
  {
    pattern: new RegExp(`^(\\d{2})-(\\d{2}) ${CLOCK}`),
    read: (m, reference) => yearless(reference, num(m[1]) - 1, num(m[2]), m[3], m[4], m[5], m[6]),
  },
  // 10:00:00.123 (no day)
  { pattern: new RegExp(`^${CLOCK}(?=[\\s\\])|]|$)`), read: (m, reference) => dayless(reference, m[1], m[2], m[3], m[4]) },
  // 1714557600, 1714557600123, 1714557600.123 and so on up to nanoseconds
  { pattern: /^(\d{10}(?:\.\d{1,9})?|\d{13}(?:\.\d{1,6})?|\d{16}|\d{19})(?=[\s\]),:|]|$)/, read: (m) => epochMs(m[1] ?? '') },
];

/** Reads a stamp at the start of `text`, bare or in square brackets or parentheses. */
export function stampAt(text: string, reference: number): StampAt | undefined {
  const open = text[0];
  if (open === '[' || open === '(') {
    const inner = bareStamp(text.slice(1, 80), reference);
    const close = open === '[' ? ']' : ')';
    if (inner === undefined || text[inner.length + 1] !== close) return undefined;
    return { stamp: inner.stamp, length: inner.length + 2 };
  }
  return bareStamp(text.length > 96 ? text.slice(0, 96) : text, reference);
}

/** Reads a field that holds a stamp: text in any of the forms, or a number of seconds, milliseconds, micro- or nanoseconds. */
export function stampOf(value: unknown, reference: number): number | undefined {
  if (typeof value === 'number') return epochMs(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return bareStamp(value, reference)?.stamp;
}

/** Brings an epoch number to milliseconds by its magnitude: seconds below 1e11, then milli-, micro-, nanoseconds. */
export function epochMs(value: number | string): number | undefined {
  // To the microsecond: no number holds all digits.
  if (typeof value === 'string' && NANOSECONDS.test(value)) return Number(value.slice(0, -3)) / 1000;
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 1e8) return undefined;
  if (number < 1e11) return number * 1000;
  if (number < 1e14) return number;
  return number < 1e17 ? number / 1000 : number / 1e6;
}

function bareStamp(text: string, reference: number): StampAt | undefined {
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (!digit && !(first >= 65 && first <= 90)) return undefined;
  const iso = digit ? isoStamp(text) : undefined;
  if (iso !== undefined) return iso;
  for (const { pattern, read } of forms) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const stamp = read(match, reference);
    if (stamp !== undefined && Number.isFinite(stamp)) return { stamp, length: match[0].length };
  }
  return undefined;
}

/** `2024-05-01T10:00:00.123Z`, the form of most structured logs, read off without the search through all forms. */
function isoStamp(text: string): StampAt | undefined {
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(19) !== 46 || text.charCodeAt(23) !== 90) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  if (text.length > 24 && WORD.test(text.charAt(24))) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const fraction = digits(text, 20, 23);
  // Comparisons that also fail where a digit is none.
  const real = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60;
  if (!real || !(year >= 1000 && fraction >= 0)) return undefined;
  return { stamp: ((dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + fraction, length: 24 };
}

/** NaN where a character is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar, counted in years that begin in March (after Hinnant, "chrono-compatible low-level date algorithms"). */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return marchYear * 365 + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) + dayOfYear - 719_468;
}

function utc(
  year: number,
  monthIndex: number,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
  zone: string | undefined,
): number | undefined {
  if (monthIndex < 0 || monthIndex > 11 || day < 1 || day > 31 || num(hour) > 24 || num(minute) > 59 || num(second) > 60) return undefined;
  const whole = Date.UTC(year, monthIndex, day, num(hour), num(minute), num(second));
  return whole + fractionMs(fraction) - zoneMs(zone);
}

function yearless(
  reference: number,
  monthIndex: number,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): number | undefined {
  const year = new Date(reference).getUTCFullYear();
  const here = utc(year, monthIndex, day, hour, minute, second, fraction, undefined);
  if (here === undefined || here <= reference + DAY) return here;
  return utc(year - 1, monthIndex, day, hour, minute, second, fraction, undefined);
}

function dayless(
  reference: number,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): number | undefined {
  const day = new Date(reference);
  const here = utc(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute, second, fraction, undefined);
  if (here === undefined) return undefined;
  return here > reference + DAY / 24 ? here - DAY : here;
}

function zoneMs(zone: string | undefined): number {
  const match = zone === undefined ? null : /([+-])(\d{2}):?(\d{2})/.exec(zone);
  if (match === null) return 0;
  const size = (num(match[2]) * 60 + num(match[3])) * 60_000;
  return match[1] === '-' ? -size : size;
}

function fractionMs(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
}

function twelveHour(hour: string | undefined, half: string | undefined): string {
  const value = num(hour);
  if (half === undefined) return String(value);
  return String((value % 12) + (half.trim() === 'PM' ? 12 : 0));
}

function month(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase());
}

function num(text: string | undefined): number {
  return Number(text ?? 0);
}
