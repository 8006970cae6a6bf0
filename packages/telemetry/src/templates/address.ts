import { ALNUM, classes, DIGIT, endOf, HEX, LETTER } from './char-class.ts';

/** A bound to looking ahead, so that a text is read in linear time. */
const MAX_GROUPS = 32;

/** `10.0.0.1`: where it ends, or 0. `firstEnd` is where its first number ends. */
export function ipEnd(text: string, at: number, firstEnd: number): number {
  if (firstEnd - at > 3) return 0;
  let end = firstEnd;
  for (let part = 1; part < 4; part += 1) {
    if (text.charCodeAt(end) !== 46) return 0;
    const next = endOf(text, end + 1, DIGIT);
    if (next === end + 1 || next - end > 4) return 0;
    end = next;
  }
  const after = text.charCodeAt(end);
  if ((classes[after] ?? 0) & LETTER) return 0;
  return after === 46 && (classes[text.charCodeAt(end + 1)] ?? 0) & ALNUM ? 0 : end;
}

/** Five groups of hex digits: where they end, or 0. */
export function uuidEnd(text: string, at: number): number {
  let index = at;
  for (let group = 0; group < 5; group += 1) {
    const length = group === 0 ? 8 : group === 4 ? 12 : 4;
    if (endOf(text, index, HEX) !== index + length) return 0;
    index += length;
    if (group < 4 && text.charCodeAt(index) !== 45) return 0;
    index += 1;
  }
  return index - 1;
}

/**
 * Groups of up to four hex digits parted by colons: four and more (hardware addresses, IPv6), or fewer around one `::` where a digit
 * shows that they are no names (`a::b` in code). Where they end, or 0.
 */
export function hexGroupsEnd(text: string, at: number): number {
  let groups = 0;
  let index = at;
  let gap = false;
  for (;;) {
    const end = endOf(text, index, HEX);
    if (end === index || end - index > 4 || groups === MAX_GROUPS || (classes[text.charCodeAt(end)] ?? 0) & LETTER) return 0;
    groups += 1;
    index = end + 1;
    if (text.charCodeAt(end) === 58 && text.charCodeAt(index) === 58 && !gap) {
      gap = true;
      index += 1;
    }
    if (text.charCodeAt(end) === 58 && ((classes[text.charCodeAt(index)] ?? 0) & HEX) !== 0) continue;
    return groups >= 4 || (gap && groups >= 2 && hasDigit(text, at, end)) ? end : 0;
  }
}

function hasDigit(text: string, at: number, end: number): boolean {
  for (let index = at; index < end; index += 1) if (((classes[text.charCodeAt(index)] ?? 0) & DIGIT) !== 0) return true;
  return false;
}
