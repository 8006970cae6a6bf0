import { describe, expect, it } from 'vitest';
import { type HeaderLayout, learnLayout, NO_HEADER } from './layout.ts';

const lines = (line: (n: number) => string): string[] => Array.from({ length: 20 }, (_, n) => line(n + 10));

describe('learnLayout', () => {
  it.each<[string, string[], Partial<HeaderLayout>]>([
    [
      'stamp, level, thread and source',
      lines((n) => `2024-05-01 10:00:${n} INFO [io-${n}] app.Cart: ${n} rows`),
      { roles: ['stamp', 'stamp', 'level', 'bracket', 'source'] },
    ],
    [
      'a source that not all lines have',
      lines((n) => `2024-05-01 10:00:${n} INFO ${n % 3 === 0 ? 'cart: row' : 'row'} ${n}`),
      { roles: ['stamp', 'stamp', 'level'] },
    ],
    ['process and thread', lines((n) => `10:00:${n} ${n} ${n * 7} WARN full`), { roles: ['stamp', 'number', 'number', 'level'] }],
    ['fields', lines((n) => `2024-05-01 10:00:${n}|Motor|${n}|on ${n} | off`), { delimiter: '|', roles: ['stamp', 'word', 'number'] }],
    [
      'a name of several words before a dash',
      lines((n) => `[05.01 10:00:${n}] editor${n % 2 === 0 ? ' two' : ''} - opened ${n}`),
      { roles: ['stamp'], dashWithin: 3 },
    ],
    [
      'stack traces between',
      lines((n) => (n % 2 === 0 ? `2024-05-01 10:00:${n} ERROR x ${n}` : '    at f (a.js:1:2)')),
      { roles: ['stamp', 'stamp', 'level'] },
    ],
    ['no head', lines((n) => `order ${n} was paid`), NO_HEADER],
    ['a date here and there', [...lines((n) => `order ${n} was paid`), '2024-05-01 was a day'], NO_HEADER],
    ['nothing', [], NO_HEADER],
  ])('of %s', (_what, sample, layout) => {
    expect(learnLayout(sample)).toMatchObject(layout);
  });
});
