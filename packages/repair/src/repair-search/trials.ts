import type {
  Checkout,
  Edit,
  Sandbox,
  TestReport,
  TestRunner,
  TestRunOptions,
  TextChange,
  WarmOutcome,
  WarmResult,
  WarmRunOptions,
  WarmTests,
} from '@selfheal/contracts';
import { editsOfChanges } from '../patch/edits-of-changes.ts';
import type { TrialOutcome } from './search-repairs.ts';

/** Tries candidates against the failing and the passing tests of the base. */
export interface Trials {
  readonly mode: 'warm' | 'process' | 'compile';
  attempt(changes: readonly TextChange[]): Promise<TrialOutcome>;
}

/** More than tests that end take; the base is run with a limit above it. */
const ENDLESS_STEPS = 1_000_000;
const HOPELESS: TrialOutcome = { plausible: false, fixed: 0, broken: 1 };

/** Steps and times that a candidate may take: far more than the base, so that a fix that works harder passes. */
export function trialLimits(base: readonly WarmResult[]): WarmRunOptions['limits'] {
  const steps = Math.max(100_000, 40 * Math.max(0, ...base.filter((result) => result.passed).map((result) => result.steps)));
  // What was stopped for its steps says nothing about how long a test takes.
  const ended = base.filter(({ steps: taken, passed }) => passed || taken < ENDLESS_STEPS);
  const slowest = Math.max(0, ...ended.map(({ ms }) => ms));
  return { steps, testMs: 150 + 4 * slowest, hangMs: 2_000 + 10 * ended.reduce((sum, { ms }) => sum + ms, 0) };
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
  // Where none fails (what is mended does not compile), all must go on passing.
  const options: WarmRunOptions =
    unknown || failing.length === 0
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

/** Without tests: candidates are made to compile, and that is all that can be asked of them. */
export function compileTrials(): Trials {
  return { mode: 'compile', attempt: async () => ({ plausible: true, fixed: 1, broken: 0 }) };
}

/** How the repository's own command runs its tests. */
export interface CommandRuns {
  readonly sandbox: Sandbox;
  readonly checkout: Checkout;
  readonly runner: TestRunner;
  /** Only these test files; all when absent. */
  readonly files?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandTrials extends CommandRuns {
  readonly texts: ReadonlyMap<string, string>;
  /** In place under every candidate: a new test. */
  readonly given?: readonly Edit[];
}

/** One run of the test command for each candidate: where the warm process does not show what the command shows. */
export function processTrials(of: CommandTrials, base: TestReport): Trials {
  const failed = base.results.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const options = commandOptions(of, 3 * base.run.durationMs + 2_000);
  let last: Promise<unknown> = Promise.resolve();
  const run = async (changes: readonly TextChange[]): Promise<TrialOutcome> => {
    await of.checkout.reset();
    await of.checkout.apply([...(of.given ?? []), ...editsOfChanges(changes, of.texts)]);
    const report = await of.sandbox.runTests(of.checkout, of.runner, options);
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

export function commandOptions({ files, signal }: CommandRuns, timeoutMs: number | undefined): TestRunOptions {
  return {
    plant: false,
    ...(files === undefined ? {} : { files }),
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
