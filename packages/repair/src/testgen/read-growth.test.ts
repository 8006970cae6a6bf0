import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { readGrowth } from './read-growth.ts';

const LIMITS = { callMs: 40, passesMs: 50, passes: 2 };
const SIZES = [4, 5, 6, 8, 10, 12, 15, 19, 24, 30, 38, 47, 59, 73, 92];

function ways(steps: number): number {
  return steps < 2 ? 1 : ways(steps - 1) + ways(steps - 2);
}

test('stops before a size at which what grows exponentially would not end', async () => {
  const { sizes, passes, bytes, input } = await readGrowth(
    (size) => () => ways(size),
    SIZES,
    () => undefined,
    LIMITS,
  );
  expect(sizes.length).toBeGreaterThanOrEqual(4);
  expect(sizes.at(-1)).toBeLessThan(47);
  expect(passes.every((pass) => pass.length === sizes.length && pass.every((ms) => ms >= 0))).toBe(true);
  expect([bytes.length, input.length]).toEqual([sizes.length, sizes.length]);
});

test('tells the input from what the call makes of it, and waits for promises', async () => {
  setFlagsFromString('--expose-gc');
  const made = { input: 0, result: 0 };
  const prepare = (size: number) => {
    const values = new Float64Array(size * 50_000);
    made.input += 1;
    return async () => {
      made.result += 1;
      await Promise.resolve();
      return Array.from({ length: 4 }, () => values.slice());
    };
  };
  const { sizes, bytes, input } = await readGrowth(prepare, [4, 8], runInNewContext('gc'), { ...LIMITS, callMs: 1_000 });
  expect(sizes).toEqual([4, 8]);
  expect(input[1]).toBeGreaterThan(8 * 50_000 * 7);
  expect(bytes[1]).toBeGreaterThan(4 * 8 * 50_000 * 7);
  expect(made.result).toBe(made.input);
});

test('goes as text: it leans on nothing outside of itself', async () => {
  const alone: typeof readGrowth = new Function(`return ${readGrowth.toString()}`)();
  expect(
    (
      await alone(
        (size) => () => size,
        [1, 2],
        () => undefined,
        LIMITS,
      )
    ).sizes,
  ).toEqual([1, 2]);
});
