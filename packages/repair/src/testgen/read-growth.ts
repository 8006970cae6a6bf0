import type { GrowthReadings } from '@selfheal/contracts';

/** A call that was made ready: nothing of its input is made within it. */
export type PreparedCall = () => unknown;

export interface GrowthLimits {
  /** A size is not tried where the growth so far says that one call takes longer. */
  readonly callMs: number;
  readonly passesMs: number;
  readonly passes: number;
}

/**
 * Times a function at growing sizes of its input, and reads what the heap holds at the end of its first call of each. It runs within the
 * tests of the watched repository, where it is put as text: it leans on nothing outside of itself, save Node's globals.
 * `collect` collects garbage.
 */
export async function readGrowth(
  prepare: (size: number) => PreparedCall | Promise<PreparedCall>,
  sizes: readonly number[],
  collect: () => void,
  { callMs, passesMs, passes }: GrowthLimits,
): Promise<GrowthReadings> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const timed = async (call: PreparedCall) => {
    const from = performance.now();
    let result = call();
    if (result instanceof Promise) result = await result;
    // The result is given on, so that it is held while memory is read.
    return { ms: performance.now() - from, result };
  };
  const readings: GrowthReadings = { sizes: [], passes: [], bytes: [], input: [] };
  const results: unknown[] = [];
  let before = 0;
  for (const size of sizes) {
    results.length = 0;
    collect();
    const empty = used();
    const call = await prepare(size);
    const prepared = used();
    const { ms, result } = await timed(call);
    const after = used();
    results.push(result);
    readings.sizes.push(size);
    readings.input.push(Math.max(0, prepared - empty));
    readings.bytes.push(Math.max(0, after - prepared));
    // What grows exponentially grows faster with each step: it is taken for the square of the last growth.
    const isTooLong = (once: number) => once > 0.2 && once * Math.max(1, before === 0 ? 2 : once / before) ** 2 > callMs;
    let least = ms;
    // One call may have been held up.
    for (let again = 0; again < 2 && isTooLong(least); again += 1) least = Math.min(least, (await timed(await prepare(size))).ms);
    if (isTooLong(least)) break;
    before = least;
  }
  const until = performance.now() + passesMs;
  for (let pass = 0; pass < passes && (pass === 0 || performance.now() < until); pass += 1) {
    const times: number[] = [];
    for (const size of readings.sizes) {
      const samples: number[] = [];
      // Of short calls several: a tick of the clock and a collection weigh less then.
      for (let total = 0; samples.length === 0 || (total < 1 && samples.length < 200); total += samples.at(-1) ?? 0) {
        const { ms } = await timed(await prepare(size));
        samples.push(ms);
      }
      times.push(samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0);
    }
    readings.passes.push(times);
  }
  return readings;
}
