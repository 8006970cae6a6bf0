import { describe, expect, it } from 'vitest';
import { newCalendarMemory, outsideCalendar, rememberInCalendar, usualEvidence } from './calendar-memory.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2024, 4, 8, 12);

describe('outsideCalendar', () => {
  it('is infinite where nothing was seen at this time before', () => {
    expect(outsideCalendar(newCalendarMemory(), NOON, 5)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([24, 48, 7 * 24])('is the distance to what was seen %i hours ago', (hours) => {
    const memory = newCalendarMemory();
    rememberInCalendar(memory, NOON - hours * HOUR, 10, 0);
    rememberInCalendar(memory, NOON - hours * HOUR + 60_000, 20, 0);
    expect([5, 15, 26].map((value) => outsideCalendar(memory, NOON, value))).toEqual([5, 0, 6]);
  });

  it('forgets what is older than its ring', () => {
    const memory = newCalendarMemory();
    rememberInCalendar(memory, NOON - 15 * 24 * HOUR, 10, 3);
    expect(outsideCalendar(memory, NOON - 8 * 24 * HOUR, 10)).toBe(0);
    rememberInCalendar(memory, NOON - 24 * HOUR, 1, 1);
    expect(outsideCalendar(memory, NOON - 8 * 24 * HOUR, 10)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('usualEvidence', () => {
  it('is the most there was at this time', () => {
    const memory = newCalendarMemory();
    rememberInCalendar(memory, NOON - 24 * HOUR, 0, 3);
    rememberInCalendar(memory, NOON - 48 * HOUR, 0, 7);
    expect(usualEvidence(memory, NOON)).toBe(7);
    expect(usualEvidence(memory, NOON + 6 * HOUR)).toBe(0);
  });
});
