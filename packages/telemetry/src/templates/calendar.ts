import { ALNUM, BLANK, classes, DIGIT, endOf, isDigits, LETTER } from './char-class.ts';

const CALENDAR = new Set([
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
  'Mon',
  'Tue',
  'Wed',
  'Thu',
  'Fri',
  'Sat',
  'Sun',
]);

/** Whether a day of the week or month by name stands at a place. */
export function isCalendarWord(text: string, at: number): boolean {
  return CALENDAR.has(text.slice(at, at + 3)) && ((classes[text.charCodeAt(at + 3)] ?? 0) & BLANK) !== 0;
}

/** `Sat Jun 18 02:08:10 2005`, `Sat Jun 18 02:08:10 PDT 2005`, `Jun 18 02:08:10`, `Jun 18 2005`: where it ends, or 0. */
export function calendarEnd(text: string, at: number): number {
  let index = at;
  for (let words = 0; words < 2; words += 1) {
    if (!isCalendarWord(text, index)) break;
    index = endOf(text, index + 3, BLANK);
  }
  if (index === at || !((classes[text.charCodeAt(index)] ?? 0) & DIGIT)) return 0;
  let end = endOf(text, index, DIGIT);
  if (end - index > 2) return 0;
  for (;;) {
    index = endOf(text, text.charCodeAt(end) === 44 ? end + 1 : end, BLANK);
    if (index === end) return end;
    let next = endOf(text, index, DIGIT);
    if (next === index) {
      // A zone stands between clock and year.
      next = endOf(text, index, LETTER);
      if (next - index < 3 || next - index > 4 || !isDigits(text, next + 1, 4)) return end;
      end = next;
      continue;
    }
    if (text.charCodeAt(next) === 58) {
      while (text.charCodeAt(next) === 58 || text.charCodeAt(next) === 46) next = endOf(text, next + 1, DIGIT);
    } else if (next - index !== 4) return end;
    end = next;
    if (next - index === 4) return end;
  }
}

/** `2024-05-01`, `2024-05-01T10:00:00.123Z`, `...+02:00`: where it ends, or 0. */
export function isoDateEnd(text: string, at: number): number {
  if (!isDigits(text, at + 5, 2) || text.charCodeAt(at + 7) !== 45 || !isDigits(text, at + 8, 2)) return 0;
  const end = at + 10;
  const code = text.charCodeAt(end);
  if (code !== 84 || !isDigits(text, end + 1, 2)) return (classes[code] ?? 0) & ALNUM ? 0 : end;
  let index = end + 1;
  for (;;) {
    const next = text.charCodeAt(index);
    if (((classes[next] ?? 0) & DIGIT) === 0 && next !== 58 && next !== 46 && next !== 43 && next !== 45) break;
    index += 1;
  }
  return text.charCodeAt(index) === 90 ? index + 1 : index;
}
