import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Encoding } from './encoding.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';

const encoders: readonly (readonly [Encoding, (text: string) => Buffer])[] = [
  ['utf8', (text) => Buffer.from(text)],
  ['utf16le', (text) => Buffer.from(text, 'utf16le')],
  ['utf16be', (text) => Buffer.from(text, 'utf16le').swap16()],
];

/** What UTF-16 makes hard: units with a newline's byte in them (`Ċ`, `਀`), pairs of surrogates, a mark within the text. */
const text = fc.array(fc.constantFrom('a', ' ', 'Ċ', '਀', '\u{1F600}', '\u{FEFF}', 'é', '\r\n', '\n', '終'), { maxLength: 30 });

it.each(encoders)('splits %s the same, wherever chunks are cut', (encoding, encode) => {
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }), (parts, sizes) => {
      const bytes = encode(parts.join(''));
      const expected = parts.join('').split('\n');
      const lines = split(bytes, { encoding, offset: 0 }, sizes);
      if (expected.at(-1) === '') expected.pop();
      expect(lines.map((line) => line.text)).toEqual(expected.map((line) => line.replace(/\r$/, '')));
      expect(lines).toEqual(split(bytes, { encoding, offset: 0 }, [bytes.length]));
      expect(lines.at(-1)?.end ?? 0).toBe(bytes.length);
    }),
    { numRuns: 200 },
  );
});

it('leaves half a unit at the end for the next run, which then reads whole units', () => {
  const bytes = Buffer.from('one\ntwo and more\n', 'utf16le');
  const [first, torn] = split(bytes.subarray(0, 15), { encoding: 'utf16le', offset: 0 }, [7]);
  expect([first?.text, torn]).toEqual(['one', { offset: 8, end: 14, line: 2, text: 'two', terminated: false }]);
  const [rest] = split(bytes.subarray(14), { encoding: 'utf16le', offset: 14 }, [3]);
  expect(rest?.text).toBe(' and more');
});

it('finds the end of a line that is too long where its newline lies across two chunks', () => {
  const bytes = Buffer.from(`${'long'.repeat(10)}\nafter\n`, 'utf16le');
  const lines = split(bytes, { encoding: 'utf16le', offset: 0, maxLineBytes: 20 }, [81]);
  expect(lines.map((line) => line.text)).toEqual([undefined, 'after']);
});

function split(
  bytes: Buffer,
  options: { encoding: Encoding; offset: number; maxLineBytes?: number },
  sizes: readonly number[],
): SplitLine[] {
  const splitter = new LineSplitter({ line: 0, maxLineBytes: 1_000_000, ...options });
  const lines: SplitLine[] = [];
  for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
    const size = sizes[cut % sizes.length] ?? 1;
    lines.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  const last = splitter.finish();
  return last === undefined ? lines : [...lines, last];
}
