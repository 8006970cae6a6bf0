import { ANY } from './shape.ts';
import { isBare, type SlotKind } from './slots.ts';

/** Distinct values from which on a place is a variable, not a choice of constants. Few: a value is where logs put what varies. */
const ENOUGH: Readonly<Record<SlotKind, number>> = { pair: 4, frame: 4, name: 3 };
/** The same for a word of prose, and for the first of a text, which mostly names what happened. */
const ENOUGH_WORDS = 4;
const ENOUGH_FIRST_WORDS = 16;
/** A host, file or account, not a verb: `a.example:80`, `/etc/x`, `me@a`; no name of a source, which a colon ends. */
const ADDRESS = /^[^\s()]*[^\s():][./@][^\s()]*[^\s():]$/;
/** Texts of fewer constant words need twice the evidence. */
export const ENOUGH_CONTEXT = 2;

const NOTHING = new Set(['', '-', 'null', '(null)', 'none', '<none>', 'nil', 'undefined', 'n/a']);
const NAME_MARK = /[\ue000\ue001\d._/-]/;

/**
 * Whether the values seen at a slot show that it varies: by their number (saturation of positions, after ByteBrain, arXiv 2504.09113, and
 * the cardinality of IPLoM, KDD 2009), or by what they are: a typed variable or nothing among them, a path, the same name with other digits.
 */
export function varies(values: ReadonlySet<string>, kind: SlotKind, contextWords: number): boolean {
  if (values.size < 2 || contextWords === 0) return false;
  if (values.size >= ENOUGH[kind] * (contextWords < ENOUGH_CONTEXT ? 2 : 1)) return true;
  const list = [...values];
  if (list.some((value) => isBare(value) || NOTHING.has(value.toLowerCase()) || /[/\\@]/.test(value))) return true;
  if (sameButDigits(list)) return true;
  return list.every((value) => NAME_MARK.test(value)) && list.some((value) => /[\ue000\ue001]/.test(value));
}

/** Whether the words seen at one place of otherwise equal texts show that it varies. */
export function wordsVary(words: ReadonlySet<string>, first: boolean): boolean {
  if (words.size < 2) return false;
  if (words.size >= ENOUGH_FIRST_WORDS) return true;
  if (words.size >= ENOUGH_WORDS && (!first || [...words].every((word) => ADDRESS.test(word)))) return true;
  for (const word of words) if (isBare(word)) return true;
  return false;
}

/** What a varying slot shows: the name with its digits left open where nothing else differs, else nothing. */
export function openValue(values: ReadonlySet<string>): string {
  const list = [...values];
  return sameButDigits(list) ? (list[0] ?? '').replace(/[\d\ue000\ue001]+/g, ANY) : ANY;
}

/** What words have in common at their ends, cut at marks: `(a)`, `(b)` is `(`, ANY, `)`. */
export function openWord(words: readonly string[]): string {
  const [first = ''] = words;
  let head = first.length;
  let tail = first.length;
  let shortest = first.length;
  for (const word of words) {
    shortest = Math.min(shortest, word.length);
    let index = 0;
    while (index < head && word[index] === first[index]) index += 1;
    head = index;
    index = 0;
    while (index < tail && word[word.length - 1 - index] === first[first.length - 1 - index]) index += 1;
    tail = index;
  }
  const before = /^.*[=:([{"',/]/s.exec(first.slice(0, head))?.[0] ?? '';
  const room = Math.max(0, Math.min(tail, shortest - before.length));
  const after = /[)\]}"',.;:].*$/s.exec(first.slice(first.length - room))?.[0] ?? '';
  return before + ANY + after;
}

function sameButDigits(values: readonly string[]): boolean {
  const bare = new Set(values.map((value) => value.replace(/[\d\ue000\ue001]+/g, '0')));
  return bare.size === 1 && values.length > 1;
}
