import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scanner } from './scanner.ts';
import { shapeOf, templateText } from './shape.ts';

const scanner = new Scanner();
const template = (text: string): string => {
  scanner.scan(text);
  return templateText(shapeOf(text, scanner).tokens);
};
const typed = (text: string): [string, string][] => {
  scanner.scan(text);
  return Array.from({ length: scanner.variables }, (_, at) => [
    scanner.kindOf(at),
    text.slice(scanner.variableStart[at], scanner.variableEnd[at]),
  ]);
};

describe('Scanner', () => {
  it.each<[string, string, string]>([
    ['count 42', 'number', '42'],
    ['delta -7', 'number', '-7'],
    ['from 10.0.0.1:80', 'ip', '10.0.0.1'],
    ['id 550e8400-e29b-41d4-a716-446655440000', 'uuid', '550e8400-e29b-41d4-a716-446655440000'],
    ['id a50e8400-e29b-41d4-a716-446655440000', 'uuid', 'a50e8400-e29b-41d4-a716-446655440000'],
    ['at 0xdeadbeef', 'hex', '0xdeadbeef'],
    ['commit 9f4ef63a', 'hex', '9f4ef63a'],
    ['mac FF:F2:9F:16:E2:01', 'hex', 'FF:F2:9F:16:E2:01'],
    ['open /var/log/a.log, again', 'path', '/var/log/a.log'],
    ['load C:\\Windows\\x\\y.dll now', 'path', 'C:\\Windows\\x\\y.dll'],
    ['see https://a.example/x?y=1.', 'url', 'a.example/x?y=1'],
    ['took 15ms', 'duration', '15'],
    ['on 2024-05-01T10:00:00.123Z', 'date', '2024-05-01T10:00:00.123Z'],
    ['at Sat Jun 18 02:08:10 2005', 'date', 'Sat Jun 18 02:08:10 2005'],
    ['run try_20240501_0007_a_01', 'id', '20240501_0007_a_01'],
    ['on db-eu-12.shop.example:80', 'host', 'db-eu-12.shop.example'],
  ])('types the variable of "%s" as %s', (text, kind, value) => {
    expect(typed(text)).toContainEqual([kind, value]);
  });

  it.each([
    ['mp3 and utf8 and p2p stay', 'mp3 and utf8 and p2p stay'],
    ['chunk ck_-123 of part-7', 'chunk ck_<*> of part-<*>'],
    ['and/or n/a I/O', 'and/or n/a I/O'],
    ['a-1 is no negative number', 'a-<*> is no negative number'],
    ['drop of row_1 row_2 row_3', 'drop of row_<*>'],
    ['x 1 2', 'x <*> <*>'],
    ['wide   blanks  ', 'wide blanks'],
    ['', ''],
  ])('makes of "%s" the shape "%s"', (text, shape) => {
    expect(template(text)).toBe(shape);
  });

  it('gives equal keys to texts of one shape only', () => {
    const key = (text: string): number => {
      scanner.scan(text);
      return scanner.key;
    };
    expect(key('user 1 from 10.0.0.1')).toBe(key('user  22 from 192.168.1.7'));
    expect(key('user 1 from 10.0.0.1')).not.toBe(key('User 1 from 10.0.0.1'));
    expect(key('a b')).not.toBe(key('ab'));
  });

  it('reads any text: variables lie within it in order, tokens too', () => {
    const pieces = fc.constantFrom(
      'a',
      '7',
      '-',
      '/',
      ':',
      '.',
      '"',
      '=',
      ' ',
      'FF:',
      'Jan ',
      '0x',
      '://',
      'C:\\',
      '\ue000',
      '\u00e9',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 80 }),
          fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
        ),
        (text) => {
          scanner.scan(text);
          let before = 0;
          for (let at = 0; at < scanner.variables; at += 1) {
            const [start = -1, end = -1] = [scanner.variableStart[at], scanner.variableEnd[at]];
            expect(start).toBeGreaterThanOrEqual(before);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
            before = end;
          }
          expect(shapeOf(text, scanner).tokens.length).toBeLessThanOrEqual(scanner.tokens);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['a-', 'ab:', '/-', '"', 'Jan ', '1-', '((', 'a.b/', '1_', '=1'])('reads a long run of "%s" to its end', (piece) => {
    const text = piece.repeat(20_000);
    scanner.scan(text);
    expect(scanner.tokens).toBeGreaterThan(0);
  });
});
