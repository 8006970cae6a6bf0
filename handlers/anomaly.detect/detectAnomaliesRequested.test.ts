import { expect, test } from 'vitest';
import { detectAnomaliesRequested } from './detectAnomaliesRequested.ts';

const base = { projectId: 'shop', now: 100_000_000 };

test('the window is the one asked for, else the time before now', () => {
  expect(detectAnomaliesRequested({ ...base, from: 5, to: 9 }).window).toEqual({ from: 5, to: 9 });
  expect(detectAnomaliesRequested({ ...base, lookbackMs: 1000 }).window).toEqual({ from: 99_999_000, to: 100_000_000 });
  expect(detectAnomaliesRequested({ ...base, to: 50_000, lookbackMs: 1000 }).window).toEqual({ from: 49_000, to: 50_000 });
  expect(detectAnomaliesRequested(base)).toEqual({ ...base, window: { from: 100_000_000 - 86_400_000, to: 100_000_000 } });
});

test('one moment is a window; one that ends before it begins is refused with its bounds', () => {
  expect(detectAnomaliesRequested({ ...base, from: 7, to: 7 }).window).toEqual({ from: 7, to: 7 });
  expect(() => detectAnomaliesRequested({ ...base, from: 9, to: 5 })).toThrow(
    /the window ends before it begins \(from 9, to 5, project shop\)/,
  );
});
