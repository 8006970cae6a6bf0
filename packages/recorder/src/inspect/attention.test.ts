import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attention } from './attention.ts';

let told: string[];
const main = {
  sleep: async () => void told.push('sleep'),
  wake: async () => void told.push('wake'),
};

beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('an application with time to spare is watched all the time', async () => {
  const attention = new Attention(main, () => false);
  attention.busy(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
});

test('a busy one is watched for a second in ten, and at once again when it is busy no more', async () => {
  const attention = new Attention(main, () => false);
  attention.busy(true);
  attention.busy(true);
  await vi.advanceTimersByTimeAsync(9_500);
  expect(told).toEqual(['sleep', 'wake']);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(told).toEqual(['sleep', 'wake', 'sleep']);
  attention.busy(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['sleep', 'wake', 'sleep', 'wake']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(4);
});

test('what is under way is waited for', async () => {
  let inUse = true;
  const attention = new Attention(main, () => inUse);
  attention.busy(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([]);
  inUse = false;
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual(['sleep']);
  attention.close();
});
