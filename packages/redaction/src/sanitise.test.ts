import { describe, expect, it } from 'vitest';
import { sanitise } from './sanitise.ts';

describe('sanitise', () => {
  it.each([
    ['colours', '\u001b[31;1mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;owned\u0007text', 'text'],
    ['bidirectional overrides', 'a\u202eb\u2066c', 'abc'],
    ['zero-width characters', 'a\u200bb\u2060c\ufeffd', 'abcd'],
    ['tag characters', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['control characters', 'a\u0000b\u0008c\u009bd', 'abcd'],
    ['escapes in JSON', '{"m":"\\u001b[31mred\\u001b[0m \\u202eb\\u200b"}', '{"m":"red b"}'],
  ])('takes out %s', (_, line, expected) => {
    expect(sanitise(line)).toBe(expected);
  });

  it('leaves tabs, letters of all scripts and emoji', () => {
    const line = 'a\tb ü 漢字 العربية 🎼 ok';
    expect(sanitise(line)).toBe(line);
  });

  it('leaves the text of an escape alone, so that JSON stays whole', () => {
    const line = JSON.stringify({ m: 'write \\u200b as text' });
    expect(sanitise(line)).toBe(line);
    expect(JSON.parse(sanitise(JSON.stringify({ m: '\\\u200b' }).replace('\u200b', '\\u200b')))).toEqual({ m: '\\' });
  });
});
