import {
  type Checkout,
  type GrowthCheck,
  type GrowthReadings,
  growthReadings,
  type Patch,
  type Sandbox,
  type TestRunner,
} from '@selfheal/contracts';
import { probedValues } from '@selfheal/repair';
import { compareGrowth, unmeasured } from '@selfheal/sandbox';
import { checkoutCode, type Trees } from './trees.ts';

/** One run of the measurement, with its runner's start. Milliseconds. */
const ONE_RUN_MS = 30_000;

/** A patch, and what it is measured with. */
export interface MeasuredPatch {
  readonly sandbox: Sandbox;
  readonly patch: Pick<Patch, 'edits' | 'test'>;
  readonly trees: Trees;
  readonly runner: TestRunner;
  readonly signal: AbortSignal;
}

/** How time and memory of the slow function grow with its input, on the base and with the patch, measured in the sandbox by turns. */
export async function growthCurve({ sandbox, patch, trees, runner, signal }: MeasuredPatch): Promise<GrowthCheck> {
  const measurement = patch.test.growth;
  if (measurement === undefined) return unmeasured('no test can call the slow function with inputs of a chosen size');
  await using base = await sandbox.checkout(trees.base);
  await using head = await checkoutCode(sandbox, patch, trees, runner);
  await base.apply(measurement.edits);
  await head.apply(measurement.edits);
  const read = (checkout: Checkout) => async (): Promise<GrowthReadings | string> => {
    const options = { files: [measurement.file], plant: false, timeoutMs: ONE_RUN_MS, signal };
    const { results, run } = await sandbox.runTests(checkout, runner, options);
    const [values] = results.flatMap((result) => probedValues(result) ?? []);
    const parsed = growthReadings.safeParse(values);
    if (parsed.success) return parsed.data;
    const failed = results.find(({ error }) => error !== undefined)?.error?.message ?? run.stderr;
    return run.timedOut ? `it took longer than ${ONE_RUN_MS / 1000} s` : (failed.trim().split('\n', 1)[0] ?? 'the test was not run');
  };
  // Awaited here: the copies are gone once this function has returned.
  return await compareGrowth(read(base), read(head), signal);
}
