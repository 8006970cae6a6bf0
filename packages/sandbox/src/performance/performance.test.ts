import { expect, test } from 'vitest';
import { comparePerformance } from './compare-performance.ts';

const TIME = { budgetMs: 60_000, limitMs: 60_000 };

async function compare(
  base: (run: number) => number,
  head: (run: number) => number,
): Promise<Awaited<ReturnType<typeof comparePerformance>> & { order: string }> {
  let order = '';
  const give = (value: (run: number) => number, name: string) => {
    let run = -1;
    return async (): Promise<number> => {
      order += name;
      run += 1;
      return run === 0 ? 999 : value(run);
    };
  };
  const check = await comparePerformance(give(base, 'b'), give(head, 'h'), TIME);
  return { ...check, order };
}

/** Durations that scatter over `width` ms, the same in each test run. */
function scattered(from: number, width: number): (run: number) => number {
  return (run) => from + ((run * 7919) % 101) * (width / 101) + run * 1e-6;
}

test('runs both sides by turns after one run that does not count, and ends at once where the figures are clear', async () => {
  const check = await compare(
    (run) => 99 + run,
    (run) => 49 + run,
  );
  expect(check).toMatchObject({ order: 'bhbhhbbhhbbh', improved: true, slower: false, baselineMs: 102, currentMs: 52, runs: 5 });
  expect(check.improvement).toBeCloseTo(0.49, 2);
  expect(check.pValue).toBeCloseTo(2 / 252, 6);
});

test('sees a slowdown', async () => {
  expect(
    await compare(
      (run) => 50 + run,
      (run) => 100 + run,
    ),
  ).toMatchObject({ improved: false, slower: true, runs: 5 });
});

test('goes on where five pairs leave it open, and then sees a slowdown under much noise', async () => {
  const check = await compare(
    (run) => (run === 4 ? 190 : 100 + run),
    (run) => (run === 3 ? 90 : 150 + run),
  );
  expect(check).toMatchObject({ slower: true });
  expect(check.runs).toBe(10);
});

test('takes noise for noise, without spending more runs on it', async () => {
  const check = await compare(scattered(100, 40), (run) => scattered(100, 40)(run + 3));
  expect(check).toMatchObject({ improved: false, slower: false });
  // Ranks differ, but by less than what a busy machine does.
  const small = await compare(
    (run) => 1 + run / 10,
    (run) => 2 + run / 10,
  );
  expect(small).toMatchObject({ slower: false, runs: 20 });
});

test('three looks together see a difference where there is none no more often than one look may', async () => {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let wrong = 0;
  const times = 400;
  for (let time = 0; time < times; time += 1) {
    // A wide spread, so that medians often differ by more than noise and the ranks alone decide.
    const side = async (): Promise<number> => 1_000 * random();
    if ((await comparePerformance(side, side, TIME)).slower) wrong += 1;
  }
  expect(wrong / times).toBeLessThanOrEqual(0.05);
  expect(wrong).toBeGreaterThan(0);
});

test('is bounded in time, and says so where that was too short', async () => {
  const quick = async (): Promise<number> => 10 * Math.random();
  const noTime = await comparePerformance(quick, quick, { budgetMs: 0, limitMs: -1 });
  expect(noTime).toMatchObject({ runs: 0, slower: false, improved: false });
  expect(noTime.detail).toContain('the time was over');
  let count = 0;
  const oneSided = async (): Promise<number> => (count++ % 2 === 0 ? 10 + count : 11 + count);
  expect((await comparePerformance(oneSided, oneSided, { budgetMs: -1, limitMs: 60_000 })).runs).toBe(5);
});

test('stops when it is cancelled', async () => {
  const runs = async (): Promise<number> => 1;
  await expect(comparePerformance(runs, runs, { ...TIME, signal: AbortSignal.abort() })).rejects.toThrow();
});
