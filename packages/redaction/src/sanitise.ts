/**
 * Takes out of a line what a person would not see but a terminal, a reader or a model might obey: ANSI sequences, control
 * characters, bidirectional overrides, zero-width and tag characters. Raw and as JSON escapes; the line's syntax stays whole.
 */

const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
/** Unicode's control and format characters, the blank fillers of Hangul, and variation selectors that can carry hidden text. */
const HIDDEN = '(?!\\t)[\\p{Cc}\\p{Cf}\\u{115F}\\u{1160}\\u{3164}\\u{E0100}-\\u{E01EF}]';

const SUSPICIOUS = new RegExp(`${HIDDEN}|\\\\u[0-9a-fA-F]{4}`, 'u');
const INVISIBLE = new RegExp(HIDDEN, 'gu');
const ANSI = new RegExp(
  `${ESCAPE}(?:\\[[0-?]{0,64}[ -/]{0,8}[@-~]|\\][^${ESCAPE}${BELL}]{0,2048}(?:${BELL}|${ESCAPE}\\\\)?|[@-Z\\\\-_])`,
  'g',
);
/** A JSON escape of any of these, with the rest of the terminal sequence where it begins one. */
const ESCAPED =
  /\\u(?:001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~])?|00(?:0[0-8bef]|1[0-9a-f]|7f|[89][0-9a-f]|ad)|061c|115f|1160|3164|180e|200[b-f]|202[a-e]|206[0-9a-f]|feff|fff[9-b]|db40\\ud[c-f][0-9a-f]{2})/gi;

export function sanitise(line: string): string {
  if (!SUSPICIOUS.test(line)) return line;
  const visible = line.replace(ANSI, '').replace(INVISIBLE, '');
  return visible.includes('\\u') ? visible.replace(ESCAPED, (match, at: number) => (escapes(visible, at) ? '' : match)) : visible;
}

/** An escape counts only after an even number of backslashes; else it is the text of one. */
function escapes(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes += 1;
  return backslashes % 2 === 0;
}
