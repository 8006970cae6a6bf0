import type { GrowthReadings } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { compareGrowth } from './compare-growth.ts';
import { growthExponent } from './fit-growth.ts';

const SIZES = [16, 32, 64, 128, 256, 512, 1024, 2048];
const MB = 2 ** 20;

/** Readings of a side whose time and memory follow formulas, with a spread of some per cent that is the same in each run of the test. */
function side(ms: (size: number) => number, bytes: (size: number) => number = () => 0, spread = 0.1) {
  let seed = 1;
  const noise = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return 1 + spread * (seed / 2_147_483_647);
  };
  let runs = 0;
  const read = async (): Promise<GrowthReadings> => {
    runs += 1;
    return {
      sizes: SIZES,
      passes: [0, 1, 2].map(() => SIZES.map((size) => ms(size) * noise())),
      bytes: SIZES.map((size) => bytes(size) * noise()),
      input: SIZES.map((size) => size * 100),
    };
  };
  return { read, runs: () => runs };
}

test('the exponent of powers is found, whatever small inputs cost beside', () => {
  for (const power of [0, 1, 1.5, 2, 3]) {
    expect(
      growthExponent(
        SIZES,
        SIZES.map((size) => 3e-4 * size ** power),
        'ms',
      ),
    ).toBeCloseTo(power, 6);
  }
  const withStart = SIZES.map((size) => 0.01 + 1e-5 * size ** 2);
  expect(growthExponent(SIZES, withStart, 'ms')).toBeGreaterThan(1.9);
});

test('a square that became a line is told after two runs of each side', async () => {
  const base = side((size) => 1e-4 * size ** 2);
  const check = await compareGrowth(base.read, side((size) => 1e-3 * size).read);
  expect(check).toMatchObject({ worse: false, memoryWorse: false });
  expect(check.curve?.baseExponent).toBeCloseTo(2, 0);
  expect(check.curve?.headExponent).toBeCloseTo(1, 0);
  expect(check.detail).toContain('grows slower than before');
  expect(base.runs()).toBe(2);
});

test('a line that became a square does not pass', async () => {
  const base = side((size) => 1e-3 * size);
  const check = await compareGrowth(base.read, side((size) => 1e-4 * size ** 2).read);
  expect(check).toMatchObject({ worse: true });
  expect(base.runs()).toBe(4);
});

test('a constant cost that is gone makes the exponent larger and the code no worse', async () => {
  const check = await compareGrowth(side((size) => 5 + 1e-4 * size).read, side((size) => 1e-3 * size).read);
  expect(check.curve?.headExponent).toBeGreaterThan((check.curve?.baseExponent ?? 0) + 0.3);
  expect(check.worse).toBe(false);
});

test('noise on equal sides is seldom taken for worse growth, a logarithm never', async () => {
  let wrong = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const noisy = () => side((size) => 1e-3 * size * (1 + ((seed * 7919 + size * 31) % 7) / 10), undefined, 1.5);
    if ((await compareGrowth(noisy().read, noisy().read)).worse) wrong += 1;
  }
  expect(wrong).toBeLessThanOrEqual(2);
  expect((await compareGrowth(side((size) => 1e-3 * size).read, side((size) => 1e-3 * size * Math.log2(size)).read)).worse).toBe(false);
});

test('memory by a table of all pairs does not pass, an index of the items does', async () => {
  const time = (size: number): number => 1e-3 * size;
  const none = side(time, () => 1000);
  const table = await compareGrowth(none.read, side(time, (size) => 8 * size ** 2).read);
  expect(table).toMatchObject({ worse: false, memoryWorse: true });
  expect(table.memoryDetail).toContain('after, at 2048 items');
  const index = await compareGrowth(none.read, side(time, (size) => 200 * size).read);
  expect(index.memoryWorse).toBe(false);
  expect((await compareGrowth(side(time, () => 40 * MB).read, side(time, () => 80 * MB).read)).memoryWorse).toBe(false);
});

test('says why where there is no curve', async () => {
  const { read } = side((size) => size);
  expect(await compareGrowth(read, async () => 'the test was not run')).toEqual({
    worse: false,
    memoryWorse: false,
    detail: 'no curve: with the patch nothing could be measured: the test was not run',
    memoryDetail: 'not compared: with the patch nothing could be measured: the test was not run',
  });
  const short = async (): Promise<GrowthReadings> => ({ ...(await read()), sizes: [16, 32, 64] });
  expect((await compareGrowth(short, read)).detail).toContain('only 3 sizes');
});
