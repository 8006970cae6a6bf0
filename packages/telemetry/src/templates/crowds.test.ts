import { describe, expect, it } from 'vitest';
import { Crowds } from './crowds.ts';
import { ANY } from './shape.ts';
import type { Template } from './template.ts';

const word = (n: number): string => `w${n.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')}`;
const template = (text: string, count = 1): Template => ({ id: text, tokens: text.split(' '), count, version: 0, mergedInto: undefined });

function grouped(texts: readonly Template[]): string[][] {
  const crowds = new Crowds();
  const found: string[][] = [];
  for (const text of texts) {
    crowds.add(text);
    for (const group of crowds.mergeable(text)) found.push(group.tokens.map((token) => (token === ANY ? '<*>' : token)));
  }
  return found;
}

describe('Crowds', () => {
  it('finds a flood of values at several places', () => {
    const flood = Array.from({ length: 40 }, (_, n) => template(`moved file ${word(n)} to ${word(n * 7 + 3)} done`));
    expect(grouped(flood)).toEqual([['moved', 'file', '<*>', 'to', '<*>', 'done']]);
  });

  it('leaves messages that come again, though they share words', () => {
    const messages = Array.from({ length: 40 }, (_, n) => template(`moved file ${word(n)} to ${word(n * 7 + 3)} done`, 5));
    expect(grouped(messages)).toEqual([]);
  });

  it('leaves unlike texts of a length', () => {
    expect(grouped(Array.from({ length: 200 }, (_, n) => template(`${word(n)} ${word(n + 500)} ${word(n * 3)} done`)))).toEqual([]);
  });

  it('does not count what left', () => {
    const crowds = new Crowds();
    for (let n = 0; n < 100; n += 1) {
      const one = template(`moved file ${word(n)} to ${word(n * 7)} done`);
      crowds.add(one);
      expect(crowds.mergeable(one)).toEqual([]);
      crowds.remove(one);
    }
  });
});
