import type {
  Checkout,
  Edit,
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

/** The changes as edits that apply one after the other; where one would make another's place ambiguous, all of the file are one edit. */
export function editsOf(changes: readonly TextChange[], texts: ReadonlyMap<string, string>): Edit[] {
  return [...new Set(changes.map(({ file }) => file))].flatMap((file) => {
    const text = texts.get(file) ?? '';
    const own = changes.filter((change) => change.file === file).sort((a, b) => a.start - b.start);
    const edits = makeEdits(file, text, own);
    return applyInOrder(edits, text) === replaceAll(text, own) ? edits : makeEdits(file, text, [asOne(text, own)]);
  });
}

function applyInOrder(edits: readonly Edit[], text: string): string | undefined {
  let now = text;
  for (const { search, replace } of edits) {
    const parts = now.split(search);
    if (parts.length !== 2) return undefined;
    now = parts.join(replace);
  }
  return now;
}

function asOne(text: string, changes: readonly TextChange[]): { start: number; end: number; text: string } {
  const start = Math.min(...changes.map((change) => change.start));
  const end = Math.max(...changes.map((change) => change.end));
  const behind = text.length - end;
  const whole = replaceAll(text, changes);
  return { start, end, text: whole.slice(start, whole.length - behind) };
}

function replaceAll(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}
