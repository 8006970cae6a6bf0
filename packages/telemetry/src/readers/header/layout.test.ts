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
    [
      'groups whose words are levels here and there',
      lines((n) => `[2024-05-01 10:00:${n}][${n}][info][${n % 2 === 0 ? 'main' : 'debug'}] [a/b.cc:${n}] added ${n}`),
      { roles: ['stamp', 'bracket', 'level', 'bracket', 'bracket'] },
    ],
    [
      'fields that dashes part',
      lines((n) => `2024-05-01 10:00:${n},1 - app.core - INFO - ${n % 2 === 0 ? 'MainThread' : 'pool'} - added ${n}`),
      { roles: ['stamp', 'stamp', 'dash', 'word', 'dash', 'level', 'dash', 'word', 'dash'] },
    ],
    [
      'a field that blanks pad, in front of words that no name is among',
      lines((n) => `2024-05-01 10:00:${n}, Info        ${n % 2 === 0 ? 'Core' : 'Disk'}    added ${n}`),
      { roles: ['stamp', 'stamp', 'level', 'word'] },
    ],
    [
      'names of capitals before a group',
      lines((n) => `2024-05-01T10:00:${n}.1+0000 I ${n % 2 === 0 ? 'NETWORK ' : 'STORAGE '} [conn${n}] added ${n}`),
      { roles: ['stamp', 'level', 'word', 'bracket'] },
    ],
    [
      'a host before the source',
      lines((n) => `May  1 10:00:${n} ${n % 2 === 0 ? 'MacBook-Pro' : 'airport-12'} kernel[0]: added ${n}`),
      { roles: ['stamp', 'stamp', 'stamp', 'word', 'source'] },
    ],
    [
      'a flag',
      lines((n) => `${n}1970 node-${n} action start 17147275${n} 1 added ${n}`),
      { roles: [...Array(4).fill('word'), 'stamp', 'number'].with(0, 'number') },
    ],
    [
      'a date with its day first, and a mark',
      lines((n) => `${n % 3}:M 01 May 2024 10:00:${n}.123 ${n % 2 === 0 ? '*' : '#'} added ${n}`),
      { roles: ['word', 'stamp', 'stamp', 'stamp', 'stamp', 'mark'] },
    ],
    [
      'RFC 5424',
      lines((n) => `<14>1 2024-05-01T10:00:${n}Z host ${n % 2 === 0 ? 'auth' : 'cron'} ${n} - [a x="1"][b y="2"] added ${n}`),
      { roles: ['bracket', 'number', 'stamp', 'word', 'word', 'word', 'word', 'bracket'] },
    ],
    ['a level and a name that colons part', lines((n) => `INFO:app.db:added ${n} rows`), { delimiter: ':', roles: ['level', 'word'] }],
    [
      'fields with blanks between tabs',
      lines((n) => `05/01/2024 10:00:${n} AM\tError\tService Control Manager\t70${n}\tadded ${n} rows`),
      { delimiter: '\t', roles: ['stamp', 'level', 'word', 'number'] },
    ],
    [
      'errors, whose names belong to the text',
      lines((n) => `2024-05-01 10:00:${n} ERROR TypeError: it is ${n}`),
      { roles: ['stamp', 'stamp', 'level'] },
    ],
    ['no head', lines((n) => `order ${n} was paid`), NO_HEADER],
    ['a date here and there', [...lines((n) => `order ${n} was paid`), '2024-05-01 was a day'], NO_HEADER],
    ['nothing', [], NO_HEADER],
  ])('of %s', (_what, sample, layout) => {
    expect(learnLayout(sample)).toMatchObject(layout);
  });
});
