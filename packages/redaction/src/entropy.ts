const ALPHABET = /^[A-Za-z0-9+/=_~.%!@#$^&*-]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const VOWELS = /[aeiouy]/gi;
const CONSONANTS = /[^aeiouy]{4}/i;
/** A shorter value never looks drawn at random. */
export const SHORTEST_RANDOM = 14;
const MAX_LOOKED_AT = 256;
/** Bits a character. Words and dotted names of that length lie below 3.2, random letters and digits above, random hexadecimal at 3 and more. */
const MIN_BITS = 2.9;

/** Whether a value looks drawn at random: letters and digits mixed, without a name's or a path's structure. Only asked where the context says secret. */
export function looksRandom(value: string): boolean {
  if (value.length < SHORTEST_RANDOM || !ALPHABET.test(value)) return false;
  const text = value.slice(0, MAX_LOOKED_AT);
  if (UUID.test(text) || /^[\d.:_/-]+$/.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  return changes(text) >= Math.max(3, text.length / 12) && bitsPerCharacter(text) >= MIN_BITS && !hasNames(text);
}

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** Shannon's entropy of the characters of a text. */
export function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How often letters and digits follow each other. */
function changes(text: string): number {
  return text.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
}

/** Whether much of the text is words, as in names, paths and hosts: runs of letters with vowels as often and as evenly as language has them. */
function hasNames(text: string): boolean {
  const runs = text.match(/[a-z]{5,}|[A-Z]{5,}|[A-Z][a-z]{4,}/g) ?? [];
  const words = runs.filter((run) => (run.match(VOWELS)?.length ?? 0) >= run.length * 0.3 && !CONSONANTS.test(run));
  return words.join('').length > text.length * 0.45;
}
