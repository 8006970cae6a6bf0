import { expect, test } from 'vitest';
import { comparePerformance } from './compare-performance.ts';
import { mannWhitney } from './mann-whitney.ts';

test('agrees with published tables', () => {
  // Complete separation of 5 and 5: 1 of 252 orderings.
  expect(mannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])).toMatchObject({ u: 25, pGreater: 1 / 252, pLess: 1 });
  // Mann and Whitney 1947, table for n = m = 4: P(U <= 2) = 0.057.
  expect(mannWhitney([1, 2, 3, 6], [4, 5, 7, 8]).pLess).toBeCloseTo(0.057, 3);
});

test('corrects for ties and is symmetric', () => {
  const a = [1, 2, 2, 3, 3, 3, 4, 4];
  const b = [3, 4, 4, 5, 5, 5, 6, 6];
  const there = mannWhitney(a, b);
  const back = mannWhitney(b, a);
  expect(there.pLess).toBeCloseTo(back.pGreater, 12);
  // Counted out over all 12,870 ways to part these sixteen values: 0.0024.
  expect(Math.abs(there.pLess - 0.0024)).toBeLessThan(0.0005);
  expect(mannWhitney([1, 1, 1], [1, 1, 1])).toMatchObject({ pGreater: 1, pLess: 1 });
  expect(mannWhitney([], [1]).pLess).toBe(1);
});

test('large samples without ties use the approximation', () => {
  const a = Array.from({ length: 40 }, (_, index) => index + 0.5);
  const b = Array.from({ length: 40 }, (_, index) => index + 10);
  expect(mannWhitney(a, b).pLess).toBeLessThan(0.01);
  expect(mannWhitney(a, b).pGreater).toBeGreaterThan(0.9);
});

async function compare(
  base: readonly number[],
  head: readonly number[],
): Promise<Awaited<ReturnType<typeof comparePerformance>> & { order: string }> {
  let order = '';
  const give = (values: readonly number[], name: string) => {
    const left = [999, ...values];
    return async (): Promise<number> => {
      order += name;
      return left.shift() ?? Number.NaN;
    };
  };
  const check = await comparePerformance(give(base, 'b'), give(head, 'h'), { pairs: base.length });
  return { ...check, order };
}

test('runs both sides by turns after one run that does not count', async () => {
  const check = await compare([100, 101, 102, 103, 104], [50, 51, 52, 53, 54]);
  expect(check).toMatchObject({ order: 'bhbhhbbhhbbh', improved: true, slower: false, baselineMs: 102, currentMs: 52, runs: 5 });
  expect(check.improvement).toBeCloseTo(0.49, 2);
  expect(check.pValue).toBeCloseTo(2 / 252, 6);
});

test('sees a slowdown', async () => {
  expect(await compare([50, 51, 52, 53, 54], [100, 101, 102, 103, 104])).toMatchObject({ improved: false, slower: true });
});

test('takes noise for noise', async () => {
  expect(await compare([50, 58, 52, 70, 54], [55, 51, 60, 53, 66])).toMatchObject({ improved: false, slower: false });
  // Ranks differ, but by less than what a busy machine does.
  expect(await compare([1, 1.1, 1.2, 1.3, 1.4], [2, 2.1, 2.2, 2.3, 2.4])).toMatchObject({ slower: false });
});

test('stops when it is cancelled', async () => {
  const runs = async (): Promise<number> => 1;
  await expect(comparePerformance(runs, runs, { pairs: 3, signal: AbortSignal.abort() })).rejects.toThrow();
});
