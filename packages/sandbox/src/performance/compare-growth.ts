import type { GrowthCheck, GrowthReadings } from '@selfheal/contracts';
import { mannWhitney } from '@selfheal/statistics';
import { median } from 'simple-statistics';
import { growthExponent } from './fit-growth.ts';

/** Gives the readings of one run, or says why there are none. */
export type ReadGrowth = () => Promise<GrowthReadings | string>;

/** Runs of each side: enough where nothing hints at worse growth; and else, where complete separation has a one-sided p of 1/70. */
const RUNS = { first: 2, last: 4 };
const LEVEL = 0.02;
/** A curve through fewer sizes is none. */
const FEWEST_SIZES = 4;
/** n log n is less than this above n, n * sqrt(n) more. */
const WORSE_EXPONENT = 0.3;
/** Whose time at the largest size is less by this share has not lost what its exponent says; and shorter calls than this say nothing. */
const FASTER = { share: 0.2, leastMs: 0.05 };
/** Memory is out of proportion beyond ten times that of the base and its input, and what an index with an entry for each item takes. */
const MEMORY = { times: 10, bytes: 2 ** 20, bytesByItem: 512 };

/**
 * Compares how the time and memory of a function grow with its input, on the base and with a patch: by turns, so that what disturbs the
 * machine disturbs both. A side is worse where its figures are separated from the other's by a rank test, and by more than noise.
 */
export async function compareGrowth(readBase: ReadGrowth, readHead: ReadGrowth, signal?: AbortSignal): Promise<GrowthCheck> {
  const base: GrowthReadings[] = [];
  const head: GrowthReadings[] = [];
  const sides = [
    { read: readBase, into: base, name: 'on the base' },
    { read: readHead, into: head, name: 'with the patch' },
  ];
  for (let run = 0; run < RUNS.last; run += 1) {
    for (const { read, into, name } of run % 2 === 0 ? sides : sides.toReversed()) {
      signal?.throwIfAborted();
      const readings = await read();
      if (typeof readings === 'string') return unmeasured(`${name} nothing could be measured: ${readings}`);
      into.push(readings);
    }
    const sizes = commonSizes([...base, ...head]);
    if (sizes.length < FEWEST_SIZES) return unmeasured(`only ${sizes.length} sizes could be measured in the time on both sides`);
    if (run + 1 === RUNS.first && !hintsAtWorse(summarise(base, sizes), summarise(head, sizes))) break;
  }
  return judge(base, head);
}

/** A check without a curve. */
export function unmeasured(why: string): GrowthCheck {
  return { worse: false, memoryWorse: false, detail: `no curve: ${why}`, memoryDetail: `not compared: ${why}` };
}

function judge(base: readonly GrowthReadings[], head: readonly GrowthReadings[]): GrowthCheck {
  const sizes = commonSizes([...base, ...head]);
  const [before, after] = [summarise(base, sizes), summarise(head, sizes)];
  const worse = growsFaster(before, after) && isSeparated(before.exponents, after.exponents);
  const memoryWorse = takesFarMore(before, after) && isSeparated(before.mostBytes, after.mostBytes);
  const runs = base.length;
  return {
    curve: {
      sizes,
      baseMs: before.ms,
      headMs: after.ms,
      baseBytes: before.bytes,
      headBytes: after.bytes,
      baseExponent: median(before.exponents),
      headExponent: median(after.exponents),
      runs,
    },
    worse,
    memoryWorse,
    detail: timeDetail(before, after, runs),
    memoryDetail: `${megabytes(last(before.bytes))} before, ${megabytes(last(after.bytes))} after, at ${last(sizes)} items (the input takes ${megabytes(before.input)})`,
  };
}

/** Of one side, medians over its runs, by size; and by run what is compared. */
interface Side {
  readonly sizes: readonly number[];
  readonly ms: number[];
  readonly bytes: number[];
  /** Bytes of the largest input. */
  readonly input: number;
  readonly exponents: number[];
  readonly mostBytes: number[];
}

function summarise(readings: readonly GrowthReadings[], sizes: readonly number[]): Side {
  const times = readings.map(({ passes }) => sizes.map((_, index) => median(passes.map((pass) => pass[index] ?? 0))));
  const overRuns = (of: readonly (readonly number[])[]): number[] => sizes.map((_, index) => median(of.map((run) => run[index] ?? 0)));
  const top = sizes.length - 1;
  return {
    sizes,
    ms: overRuns(times),
    bytes: overRuns(readings.map(({ bytes }) => bytes)),
    input: median(readings.map(({ input }) => input[top] ?? 0)),
    exponents: times.map((ms) => growthExponent(sizes, ms, 'ms')),
    mostBytes: readings.map(({ bytes }) => bytes[top] ?? 0),
  };
}

/** Each side climbs as far as its time lets it: sizes that all have reached. */
function commonSizes(readings: readonly GrowthReadings[]): number[] {
  const [first, ...others] = readings;
  return (first?.sizes ?? []).filter((size, index) => others.every(({ sizes }) => sizes[index] === size));
}

function hintsAtWorse(before: Side, after: Side): boolean {
  return growsFaster(before, after) || takesFarMore(before, after);
}

function growsFaster(before: Side, after: Side): boolean {
  const [baseMs, headMs] = [last(before.ms), last(after.ms)];
  const isFaster = headMs < FASTER.leastMs || headMs < baseMs * (1 - FASTER.share);
  return !isFaster && median(after.exponents) - median(before.exponents) >= WORSE_EXPONENT;
}

function takesFarMore(before: Side, after: Side): boolean {
  const allowed = MEMORY.times * (last(before.bytes) + before.input) + MEMORY.bytes + MEMORY.bytesByItem * last(before.sizes);
  return last(after.bytes) > allowed;
}

function isSeparated(base: readonly number[], head: readonly number[]): boolean {
  return mannWhitney(base, head).pLess < LEVEL;
}

function timeDetail(before: Side, after: Side, runs: number): string {
  const [from, to] = [before.sizes[0], last(before.sizes)];
  const [base, head] = [median(before.exponents), median(after.exponents)];
  const verdict =
    base - head >= WORSE_EXPONENT
      ? 'grows slower than before'
      : head - base >= WORSE_EXPONENT
        ? 'grows faster than before'
        : 'grows as before';
  const times = `${last(before.ms).toPrecision(3)} ms before, ${last(after.ms).toPrecision(3)} ms after at ${to}`;
  return `time ${verdict}: with the power ${base.toFixed(1)} of the size before, ${head.toFixed(1)} after, from ${from} to ${to} items; ${times}; ${runs} interleaved runs each`;
}

function last(values: readonly number[]): number {
  return values.at(-1) ?? 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
