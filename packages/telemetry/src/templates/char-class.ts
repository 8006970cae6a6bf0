/** Classes of UTF-16 code units, one look-up each. Units beyond ASCII are letters, but for the blanks among them. */
export const DIGIT = 1;
export const HEX = 2;
export const LETTER = 4;
export const BLANK = 8;
/** May stand within a path. */
export const PATH = 16;
/** A value may begin behind it: blank, bracket, quote, sign. */
export const OPENER = 32;

const table = new Uint8Array(65_536).fill(LETTER, 128);
for (let code = 48; code <= 57; code += 1) table[code] = DIGIT | HEX | PATH;
for (let code = 65; code <= 90; code += 1) table[code] = table[code + 32] = LETTER | PATH;
for (const letter of 'abcdefABCDEF') table[letter.charCodeAt(0)] = LETTER | HEX | PATH;
for (const mark of '/._-%@~+$#&!^') table[mark.charCodeAt(0)] = (table[mark.charCodeAt(0)] ?? 0) | PATH;
for (const mark of '=:([{<"\'`,;|>-+*#@') table[mark.charCodeAt(0)] = (table[mark.charCodeAt(0)] ?? 0) | OPENER;
for (const blank of ' \t\n\r\v\f\u00a0\u2028\u2029\u3000') table[blank.charCodeAt(0)] = BLANK | OPENER;

/** The class of a code unit; 0 for other marks and for what lies behind the end of a text. */
export const classes: Readonly<Uint8Array> = table;

export const ALNUM: number = DIGIT | LETTER;

/** Where the run of these classes that begins at a place ends. */
export function endOf(text: string, at: number, mask: number): number {
  let end = at;
  while (((table[text.charCodeAt(end)] ?? 0) & mask) !== 0) end += 1;
  return end;
}

export function isDigits(text: string, at: number, count: number): boolean {
  for (let index = at; index < at + count; index += 1) if (((table[text.charCodeAt(index)] ?? 0) & DIGIT) === 0) return false;
  return true;
}
