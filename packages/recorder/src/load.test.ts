import { expect, test } from 'vitest';
import { Load } from './load.ts';

function states(...shares: readonly number[]): boolean[] {
  const load = new Load();
  return shares.map((share) => {
    load.changes(share);
    return load.isBusy;
  });
}

test('is busy as soon as two looks on end say so', () => {
  expect(states(0.2, 0.9, 0.3, 0.9, 0.8, 0.9)).toEqual([false, false, false, false, true, true]);
});

test('is calm again only where fifty looks on end found time to spare', () => {
  const load = new Load();
  for (const share of [1, 1]) load.changes(share);
  for (let look = 0; look < 49; look += 1) expect(load.changes(0.1)).toBe(false);
  expect(load.changes(0.9)).toBe(false);
  for (let look = 0; look < 49; look += 1) expect(load.changes(0.1)).toBe(false);
  expect(load.changes(0.1)).toBe(true);
  expect(load.isBusy).toBe(false);
});
