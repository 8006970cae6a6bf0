import type { TestReport, TestRunner, WarmOutcome, WarmResult, WarmTests } from '@selfheal/contracts';
import { type CommandRuns, commandOptions } from './trials.ts';

/** How the tests stand before any edit. */
export interface ObservedTests {
  readonly runner: TestRunner;
  readonly base: WarmOutcome;
  readonly real: TestReport;
  /** Open while the warm process shows what the command shows; absent where each candidate has to be a run of the command. */
  readonly warm?: WarmTests;
  /** What the command reports, or that it does not end well without any test failing. */
  readonly failing: readonly string[];
  readonly healthy: boolean;
  readonly baseRunMs: number;
}

const BASE_LIMITS = { steps: 2_000_000, testMs: 5_000, hangMs: 20_000 };
const ENDLESS_MS = 4_000;
/** Of a message: what follows are often paths. */
const MOST_COMPARED = 40;
const LOADING =
  /SyntaxError|ParseError|PARSE_ERROR|Transform failed|Cannot find (module|package)|Failed to (load|resolve|parse)|does not provide an export|is not exported/;

/** Runs the tests once in the warm process and once by the repository's own command. */
export async function observeTests(command: CommandRuns, warm: WarmTests): Promise<ObservedTests> {
  const { sandbox, checkout, runner } = command;
  const base = await warm.run([], { covered: true, limits: BASE_LIMITS });
  // A command that never ends by itself is not waited for long where it is known beforehand.
  const endless = base.broken === 'hung' || base.results.some(({ steps }) => steps >= BASE_LIMITS.steps);
  const from = performance.now();
  const real = await sandbox.runTests(checkout, runner, commandOptions(command, endless ? ENDLESS_MS : undefined));
  const failing = real.results.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const healthy = failing.length === 0 && real.run.exitCode === 0;
  const baseRunMs = performance.now() - from;
  return { runner, base, real, failing, healthy, baseRunMs, ...(agrees(real, base) ? { warm } : {}) };
}

/** The warm process must show what the command shows: as many tests failing and passing. A file that does not load counts as one. */
function agrees(real: TestReport, base: WarmOutcome): boolean {
  if (base.broken !== undefined || base.results.length === 0) return false;
  // Of a run that had to be stopped the report is not whole.
  if (real.run.timedOut) return true;
  const failed = real.results.filter(({ status }) => status === 'failed').length;
  const passed = real.results.filter(({ status }) => status === 'passed').length;
  const unloaded = base.results.filter(({ title, passed: held }) => title === '' && !held);
  if (unloaded.length > 0) return failed > 0 && unloaded.every((one) => failsToLoad(real, one));
  return (
    base.results.filter((result) => !result.passed).length === failed && base.results.filter((result) => result.passed).length === passed
  );
}

/** That the command does not load a file either: a test of it that passes, or fails for another reason, was loaded. */
function failsToLoad({ results }: TestReport, { file, observations }: WarmResult): boolean {
  const own = results.filter((result) => result.file === file || result.file === '');
  if (own.some(({ status }) => status === 'passed')) return false;
  // A script is one test, and assertions were seen in it; a file that the runner reports as a whole is not told apart.
  if (observations.some(({ id }) => id !== '') || own.every(({ id }) => !id.includes(' > '))) return true;
  const [reason = ''] = (observations[0]?.error?.message ?? '').split('\n');
  const told = own.map(({ error }) => `${error?.message ?? ''}\n${error?.stack ?? ''}`).filter((text) => text.trim() !== '');
  // What the engine says of syntax is told by some runners in words of their own.
  return told.length === 0 || told.some((text) => (reason !== '' && text.includes(reason.slice(0, MOST_COMPARED))) || LOADING.test(text));
}
