import type {
  Checkout,
  Sandbox,
  TestReport,
  TestRunner,
  TextChange,
  WarmOutcome,
  WarmResult,
  WarmRunOptions,
  WarmTests,
} from '@selfheal/contracts';
import { makeEdits, type TrialOutcome } from '@selfheal/repair';

/** Tries candidates against the failing and the passing tests of the base. */
export interface Trials {
  readonly mode: 'warm' | 'process';
  attempt(changes: readonly TextChange[]): Promise<TrialOutcome>;
}

const HOPELESS: TrialOutcome = { plausible: false, fixed: 0, broken: 1 };

/** Steps and times that a candidate may take: far more than the base, so that a fix that works harder passes. */
export function trialLimits(base: readonly WarmResult[]): WarmRunOptions['limits'] {
  const steps = Math.max(100_000, 40 * Math.max(0, ...base.filter((result) => result.passed).map((result) => result.steps)));
  const slowest = Math.max(0, ...base.map(({ ms }) => ms));
  return { steps, testMs: 150 + 4 * slowest, hangMs: 2_000 + 10 * base.reduce((sum, { ms }) => sum + ms, 0) };
}

/** In the warm process: failing tests first, all others only where one of these passes. */
export function warmTrials(tests: WarmTests, base: WarmOutcome): Trials {
  const limits = trialLimits(base.results);
  const failing = base.results.filter((result) => !result.passed);
  const passing = base.results.filter((result) => result.passed).sort((a, b) => a.ms - b.ms);
  // Where a file does not load, its tests are not known yet: all that there are must pass.
  const unknown = failing.some(({ title }) => title === '');
  const before = new Map(
    failing.flatMap(({ key, observations }) => observations.map(({ id, passed }) => [`${key}\0${id}`, passed] as const)),
  );
  const failed = [...before.values()].filter((passed) => !passed).length;
  const options: WarmRunOptions = unknown
    ? { limits }
    : { limits, wanted: failing.map(({ key }) => key), afterwards: passing.map(({ key }) => key) };
  return {
    mode: 'warm',
    async attempt(changes) {
      const { results, broken } = await tests.run(changes, options);
      if (broken !== undefined || results.length === 0) return HOPELESS;
      if (unknown) {
        const passed = results.filter((result) => result.passed).length;
        return {
          plausible: passed === results.length,
          fixed: results.some(({ title }) => title === '') ? 0 : passed / results.length,
          broken: 0,
        };
      }
      const mended = results.flatMap(({ key, observations }) =>
        observations.filter(({ id, passed }) => passed && before.get(`${key}\0${id}`) === false),
      ).length;
      const spoilt = results.flatMap(({ key, observations }) =>
        observations.filter(({ id, passed }) => !passed && before.get(`${key}\0${id}`) !== false),
      ).length;
      const plausible = results.length === base.results.length && results.every((result) => result.passed);
      return {
        plausible,
        fixed: plausible ? 1 : failed === 0 ? 0 : Math.min(1, mended / failed),
        broken: Math.min(1, spoilt / Math.max(1, before.size - failed + passing.length)),
      };
    },
  };
}

/** One run of the test command for each candidate: where the warm process does not show what the command shows. */
export function processTrials(
  sandbox: Sandbox,
  checkout: Checkout,
  runner: TestRunner,
  texts: ReadonlyMap<string, string>,
  base: TestReport,
): Trials {
  const failed = base.results.filter(({ status }) => status === 'failed').map(({ id }) => id);
  let last: Promise<unknown> = Promise.resolve();
  const run = async (changes: readonly TextChange[]): Promise<TrialOutcome> => {
    await checkout.reset();
    await checkout.apply(editsOf(changes, texts));
    const report = await sandbox.runTests(checkout, runner, { plant: false, timeoutMs: 3 * base.run.durationMs + 2_000 });
    const now = new Map(report.results.map(({ id, status }) => [id, status]));
    const mended = failed.filter((id) => now.get(id) === 'passed').length;
    const spoilt = base.results.filter(({ id, status }) => status === 'passed' && now.get(id) !== 'passed').length;
    const plausible = report.results.length > 0 && report.results.every(({ status }) => status !== 'failed') && report.run.exitCode === 0;
    return {
      plausible,
      fixed: plausible ? 1 : mended / Math.max(1, failed.length),
      broken: spoilt / Math.max(1, base.results.length - failed.length),
    };
  };
  return {
    mode: 'process',
    // One checkout: one after the other.
    attempt: (changes) => {
      const next = last.then(() => run(changes));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export function editsOf(changes: readonly TextChange[], texts: ReadonlyMap<string, string>): ReturnType<typeof makeEdits> {
  return [...new Set(changes.map(({ file }) => file))].flatMap((file) =>
    makeEdits(
      file,
      texts.get(file) ?? '',
      changes.filter((change) => change.file === file),
    ),
  );
}
