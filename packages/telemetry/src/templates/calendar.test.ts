import { describe, expect, it } from 'vitest';
import { calendarEnd, isoDateEnd } from './calendar.ts';

describe('calendarEnd', () => {
  it.each([
    ['Wed May  1 10:00:00 2024', 24],
    ['Wed May 1 10:00:00 CEST 2024 x', 28],
    ['May 1 10:00:00 x', 14],
    ['May 1 2024 x', 10],
    ['May 1, 2024 10:00', 11],
    ['May 1 x', 5],
    ['May 100 x', 0],
    ['May be 1', 0],
    ['Sun set', 0],
  ])('of %j is %j', (text, end) => {
    expect(calendarEnd(text, 0)).toBe(end);
  });
});

describe('isoDateEnd', () => {
  it.each([
    ['2024-05-01', 10],
    ['2024-05-01T10:00:00.123Z.', 24],
    ['2024-05-01T10:00:00+02:00 x', 25],
    ['2024-05-01x', 0],
    ['2024-5-1', 0],
  ])('of %j is %j', (text, end) => {
    expect(isoDateEnd(text, 0)).toBe(end);
  });
});
