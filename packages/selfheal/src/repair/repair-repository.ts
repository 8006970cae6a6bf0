import {
  type SelfhealConfigInput,
  SelfhealError,
  type TestReport,
  type TestRunner,
  type WarmOutcome,
  type WarmSandbox,
  type WarmTests,
} from '@selfheal/contracts';
import {
  expectedValues,
  generateCandidates,
  isProductionSource,
  type JudgedPatch,
  judgePatches,
  type LineRank,
  parseFaults,
  probeInputs,
  type RepairCandidate,
  type RepairSearchResult,
  rankByShape,
  rankByTrials,
  rankLines,
  recoverParse,
  searchRepairs,
  unifiedDiff,
} from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import { createSandbox } from '@selfheal/sandbox';
import { loadSelfhealConfig } from '../config/load-config.ts';
import type { RankedLine, RepairPatch, RepairReport } from './repair-report.ts';
import { takeSnapshot } from './snapshot.ts';
import { editsOf, processTrials, type Trials, trialLimits, warmTrials } from './trials.ts';

export interface RepairRequest {
  readonly repo: string;
  /** The test command; by default what the repository says. */
  readonly test?: string;
  readonly budgetMs?: number;
  readonly seed?: number;
  /** A patch below this confidence is shown but not offered, 0..1. */
  readonly leastConfidence?: number;
  readonly overrides?: SelfhealConfigInput;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

const DEFAULT_BUDGET_MS = 60_000;
const LEAST_CONFIDENCE = 0.2;
const BASE_LIMITS = { steps: 2_000_000, testMs: 5_000, hangMs: 20_000 };
const ENDLESS_MS = 4_000;
const MOST_SOURCES = 400;
const LARGEST_SOURCE = 200_000;
const MOST_JUDGED = 120;
const MOST_PROVEN = 4;
const MOST_REPORTED = 10;

/**
 * Repairs a repository whose tests fail, on a private copy: no telemetry, no git needed. Fails with REPO_MISSING, REPO_NO_TESTS and the
 * errors of the sandbox.
 */
export async function repairRepository(request: RepairRequest): Promise<RepairReport> {
  await using snapshot = await takeSnapshot(request.repo);
  const { config } = await loadSelfhealConfig(snapshot.root, {
    ...request.overrides,
    ...(request.test === undefined ? {} : { test: request.test }),
  });
  const sandbox = createSandbox({ root: snapshot.root, dataDir: snapshot.dataDir, config });
  const runner = await sandbox.detectRunner(snapshot.root);
  if (runner === undefined) throw new SelfhealError('REPO_NO_TESTS', request.repo);
  // Awaited here: the snapshot is gone once this function has returned.
  return await new Repair(request, sandbox, runner, snapshot.commit).run();
}

class Repair {
  readonly #request: RepairRequest;
  readonly #sandbox: WarmSandbox;
  readonly #runner: TestRunner;
  readonly #commit: string;
  readonly #started = performance.now();
  readonly #seed: number;
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(request: RepairRequest, sandbox: WarmSandbox, runner: TestRunner, commit: string) {
    this.#request = request;
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#commit = commit;
    this.#seed = request.seed ?? 1;
  }

  async run(): Promise<RepairReport> {
    await using checkout = await this.#sandbox.checkout(this.#commit);
    const startMs = this.#elapsed();
    this.#texts = await this.#readSources(checkout);
    await using warm = await this.#sandbox.openWarmTests(checkout, this.#runner, {
      sources: [...this.#texts.keys()],
      ...(this.#request.signal === undefined ? {} : { signal: this.#request.signal }),
    });
    const base = await warm.run([], { covered: true, limits: BASE_LIMITS });
    // A command that never ends by itself is not waited for long where it is known beforehand.
    const endless = base.broken === 'hung' || base.results.some(({ steps }) => steps >= BASE_LIMITS.steps);
    const realFrom = this.#elapsed();
    const real = await this.#sandbox.runTests(checkout, this.#runner, { plant: false, ...(endless ? { timeoutMs: ENDLESS_MS } : {}) });
    const failing = real.results.filter(({ status }) => status === 'failed').map(({ id }) => id);
    const baseRunMs = this.#elapsed() - realFrom;
    if (failing.length === 0 && real.run.exitCode === 0) return this.#report('healthy', 'no test fails', { failing, startMs, baseRunMs });
    const faithful = agrees(real, base);
    const trials = faithful ? warmTrials(warm, base) : processTrials(this.#sandbox, checkout, this.#runner, this.#texts, real);
    const observed = faithful ? rankLines(this.#texts, base.results) : [];
    // A module that does not even load leaves nothing to observe.
    const before = observed.length > 0 ? observed : rankByShape(this.#texts, stacksOf(real));
    const singles = this.#candidates(before, base);
    const searchFrom = this.#elapsed();
    const { result, searchMs } = await this.#search(singles, trials);
    const judgeFrom = this.#elapsed();
    const judged = await this.#judge(result, faithful ? warm : undefined, base);
    const patches = await this.#prove(judged, checkout, real);
    const after = rankByTrials(before, this.#lineTrials(result, judged));
    const offered = patches[0];
    const least = this.#request.leastConfidence ?? LEAST_CONFIDENCE;
    const status = offered === undefined ? 'none' : offered.confidence < least ? 'abstained' : 'offered';
    const reason =
      offered === undefined
        ? `none of ${result.tried} edits makes the failing tests pass without breaking another`
        : status === 'abstained'
          ? `the best patch is trusted by ${offered.confidence.toFixed(2)}, less than ${least}`
          : offered.why;
    const ranks = (list: readonly LineRank[]): RankedLine[] => list.slice(0, MOST_REPORTED);
    return this.#report(status, reason, {
      failing,
      startMs,
      baseRunMs,
      patches,
      locations: { before: ranks(before), after: ranks(after) },
      candidates: {
        made: singles.length,
        tried: result.tried,
        perSecond: (1_000 * result.tried) / Math.max(1, searchMs),
        plausible: result.plausible.length,
        mode: trials.mode,
      },
      firstPlausible: result.firstPlausibleMs === undefined ? undefined : searchFrom + result.firstPlausibleMs,
      searchMs,
      judgeMs: this.#elapsed() - judgeFrom,
    });
  }

  #elapsed(): number {
    return performance.now() - this.#started;
  }

  async #readSources(checkout: {
    readonly path: string;
    read(file: string): Promise<string | undefined>;
    readonly paths?: readonly string[];
  }): Promise<Map<string, string>> {
    const tests = new Set(this.#runner.testFiles);
    const files = (checkout.paths ?? []).filter(
      (file) => isProductionSource(file) && !tests.has(file) && /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts'),
    );
    const texts = new Map<string, string>();
    for (const file of files.slice(0, MOST_SOURCES)) {
      const text = await checkout.read(file);
      if (text !== undefined && text.length <= LARGEST_SOURCE) texts.set(file, text);
    }
    return texts;
  }

  #candidates(ranks: readonly LineRank[], base: WarmOutcome): RepairCandidate[] {
    const unparsed = [...this.#texts].filter(([file, text]) => parseFaults(file, text).length > 0);
    if (unparsed.length > 0) return unparsed.flatMap(([file, text]) => recoverParse(file, text));
    return generateCandidates(this.#texts, ranks, expectedValues(base.results));
  }

  async #search(singles: readonly RepairCandidate[], trials: Trials): Promise<{ result: RepairSearchResult; searchMs: number }> {
    const from = performance.now();
    const budget = Math.max(1_000, (this.#request.budgetMs ?? DEFAULT_BUDGET_MS) - this.#elapsed());
    const result = await searchRepairs(singles, budget, {
      attempt: (candidate) => trials.attempt(candidate.changes),
      elapsed: () => performance.now() - from,
      signal: this.#request.signal,
      progress: (tried, of, plausible) =>
        this.#request.onProgress?.(`${tried} edits tried (${of} single ones in all), ${plausible} make all tests pass`),
    });
    return { result, searchMs: performance.now() - from };
  }

  async #judge({ plausible }: RepairSearchResult, warm: WarmTests | undefined, base: WarmOutcome): Promise<JudgedPatch[]> {
    const calls =
      warm === undefined
        ? []
        : probeInputs(
            base.results.flatMap((result) => result.calls ?? []),
            this.#seed,
          );
    const limits = trialLimits(base.results);
    const observed = [];
    for (const candidate of plausible.slice(0, MOST_JUDGED)) {
      observed.push({
        candidate,
        behaviour: warm === undefined || calls.length === 0 ? [] : await warm.call(candidate.changes, calls, limits),
      });
    }
    const observations = base.results.flatMap((result) => result.observations.filter(({ id, passed }) => id !== '' || !passed));
    return judgePatches({
      patches: observed,
      base: warm === undefined || calls.length === 0 ? [] : await warm.call([], calls, limits),
      failing: observations.filter(({ passed }) => !passed).length,
      assertions: Math.max(observations.length, base.results.length),
    });
  }

  /** The repository's own command has the last word: the first patch that it passes is the one offered. */
  async #prove(
    judged: readonly JudgedPatch[],
    checkout: Awaited<ReturnType<WarmSandbox['checkout']>>,
    real: TestReport,
  ): Promise<RepairPatch[]> {
    const proven: RepairPatch[] = [];
    const others: RepairPatch[] = [];
    for (const [index, one] of judged.entries()) {
      const patch = await this.#describe(one);
      if (proven.length > 0 || index >= MOST_PROVEN) {
        others.push(patch);
        continue;
      }
      await checkout.reset();
      await checkout.apply(patch.edits);
      const report = await this.#sandbox.runTests(checkout, this.#runner, {});
      const passed = report.results.filter(({ status }) => status === 'passed').map(({ id }) => id);
      const broken = real.results.filter(({ id, status }) => status === 'passed' && !passed.includes(id)).map(({ id }) => id);
      const failed = report.results.filter(({ status }) => status === 'failed');
      if (failed.length > 0 || broken.length > 0 || passed.length === 0 || report.forged) continue;
      const fixed = passed.filter((id) => !real.results.some((result) => result.id === id && result.status === 'passed'));
      proven.push({ ...patch, proof: { passed: passed.length, fixed, broken } });
    }
    return proven.length === 0 ? [] : [...proven, ...others].slice(0, MOST_REPORTED);
  }

  async #describe({ candidate, confidence, why }: JudgedPatch): Promise<RepairPatch> {
    const edits = editsOf(candidate.changes, this.#texts);
    const before: Record<string, string> = {};
    for (const { file } of edits) before[file] = this.#texts.get(file) ?? '';
    const applied = await applyEdits(edits, async (file) => Buffer.from(before[file] ?? ''));
    const after = Object.fromEntries([...applied].map(([file, bytes]) => [file, bytes.toString('utf8')]));
    const { operator, file, line } = candidate;
    return { operator, file, line, edits, diff: unifiedDiff(before, after), confidence, why };
  }

  #lineTrials({ telling }: RepairSearchResult, judged: readonly JudgedPatch[]): Parameters<typeof rankByTrials>[1] {
    const ranks = new Map(judged.map(({ candidate }, index) => [candidate.id, 1 / (1 + index)]));
    return telling.map(({ candidate: { id, file, line, naturalness }, outcome: { plausible, fixed, broken } }) => ({
      file,
      line,
      fixed,
      broken,
      plausible: plausible ? Math.max(ranks.get(id) ?? 0, 0.2 * naturalness) : 0,
    }));
  }

  #report(status: RepairReport['status'], reason: string, told: Told): RepairReport {
    return {
      status,
      reason,
      failing: told.failing,
      patches: told.patches ?? [],
      locations: told.locations ?? { before: [], after: [] },
      candidates: told.candidates ?? { made: 0, tried: 0, perSecond: 0, plausible: 0, mode: 'warm' },
      durationsMs: {
        start: told.startMs,
        baseRun: told.baseRunMs,
        ...(told.firstPlausible === undefined ? {} : { firstPlausible: told.firstPlausible }),
        search: told.searchMs ?? 0,
        judge: told.judgeMs ?? 0,
        total: this.#elapsed(),
      },
      seed: this.#seed,
    };
  }
}

interface Told {
  readonly failing: readonly string[];
  readonly startMs: number;
  readonly baseRunMs: number;
  readonly patches?: readonly RepairPatch[];
  readonly locations?: RepairReport['locations'];
  readonly candidates?: RepairReport['candidates'];
  readonly firstPlausible?: number | undefined;
  readonly searchMs?: number;
  readonly judgeMs?: number;
}

function stacksOf({ results }: TestReport): string[] {
  return results.flatMap(({ status, error }) => (status === 'failed' && error?.stack !== undefined ? [error.stack] : []));
}

/** The warm process must show what the command shows: as many tests failing and passing. A file that does not load counts as one. */
function agrees(real: TestReport, base: WarmOutcome): boolean {
  if (base.broken !== undefined || base.results.length === 0) return false;
  // Of a run that had to be stopped the report is not whole.
  if (real.run.timedOut) return true;
  const failed = real.results.filter(({ status }) => status === 'failed').length;
  const passed = real.results.filter(({ status }) => status === 'passed').length;
  const unloaded = base.results.some(({ title, passed: held }) => title === '' && !held);
  if (unloaded) return failed > 0;
  return (
    base.results.filter((result) => !result.passed).length === failed && base.results.filter((result) => result.passed).length === passed
  );
}
