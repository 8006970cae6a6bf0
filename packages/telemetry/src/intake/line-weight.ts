/** What a record takes however short its line is, in the bytes of ordinary lines that take as much. */
const RECORD = 100;
/** What a value takes that is as short as it can be: an object or a list of nothing, a number of one digit. */
const VALUE = 64;
/** Shorter lines hold too few values to matter. */
const COUNTED_FROM = 4_096;

/**
 * How much memory a line takes once it is parsed, in bytes of an ordinary line: a stretch of empty objects takes fifty times as much as
 * a text of its length, and one of very short lines ten times.
 */
export function lineWeight(text: string): number {
  return RECORD + text.length + (text.length < COUNTED_FROM ? 0 : VALUE * commas(text));
}

/** From one to the next: the engine searches many characters at a time. */
function commas(text: string): number {
  let count = 0;
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at + 1)) count += 1;
  return count;
}
