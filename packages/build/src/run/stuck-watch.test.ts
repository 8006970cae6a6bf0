import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StuckWatch } from './stuck-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('tells once of each half hour in which nothing begins or ends', () => {
  const told: (readonly string[])[] = [];
  const watch = new StuckWatch((running) => told.push(running));
  watch.take({ kind: 'started', id: 'a', atMs: 0 });
  watch.take({ kind: 'started', id: 'b', atMs: 0 });
  vi.advanceTimersByTime(29 * 60_000);
  watch.take({ kind: 'ended', result: { id: 'b', state: 'built', blockedBy: [] }, log: '' });
  vi.advanceTimersByTime(29 * 60_000);
  watch.take({ kind: 'line', id: 'a', line: 'still here' });
  expect(told).toEqual([]);
  vi.advanceTimersByTime(90 * 60_000);
  expect(told).toEqual([['a']]);
  watch.take({ kind: 'ended', result: { id: 'a', state: 'built', blockedBy: [] }, log: '' });
  vi.advanceTimersByTime(90 * 60_000);
  expect(told).toHaveLength(1);
  watch.close();
});
