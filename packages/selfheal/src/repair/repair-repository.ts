import {
  type Checkout,
  type SelfhealConfigInput,
  SelfhealError,
  type TestReport,
  type TestRunner,
  type WarmResult,
  type WarmSandbox,
} from '@selfheal/contracts';
import {
  expectedValues,
  generateCandidates,
  isProductionSource,
  type JudgedPatch,
  judgeByCompiler,
  judgePatches,
  type LineRank,
  probeInputs,
  type RepairCandidate,
  type RepairSearchResult,
  rankByErrors,
  rankByShape,
  rankByTrials,
  rankLines,
  searchRepairs,
  unifiedDiff,
} from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import { createSandbox } from '@selfheal/sandbox';
import { loadSelfhealConfig } from '../config/load-config.ts';
import { Compilation } from './compilation.ts';
import { type ObservedTests, observeTests } from './observe-tests.ts';
import { checkTypes, type OwnCommands, provePatch } from './prove-patch.ts';
import type { RankedLine, RepairPatch, RepairReport } from './repair-report.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { compileTrials, editsOf, processTrials, type Trials, trialLimits, warmTrials } from './trials.ts';

export interface RepairRequest {
  readonly repo: string;
  /** The test command, or a check of types; by default what the repository says. */
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
const MOST_SOURCES = 400;
const LARGEST_SOURCE = 200_000;
const MOST_JUDGED = 120;
const MOST_PROVEN = 4;
const MOST_REPORTED = 10;
/** Of the budget, for edits that make the project compile: the rest is for running tests. */
const COMPILE_SHARE = 0.5;

/**
 * Repairs a repository whose tests fail, or that does not parse or compile, on a private copy: no telemetry, no git needed. Fails with
 * REPO_MISSING, with REPO_NO_TESTS where neither tests nor the compiler can tell right from wrong, and with the errors of the sandbox.
 */
export async function repairRepository(request: RepairRequest): Promise<RepairReport> {
  await using snapshot = await takeSnapshot(request.repo);
  const { config } = await loadSelfhealConfig(snapshot.root, {
    ...request.overrides,
    ...(request.test === undefined ? {} : { test: request.test }),
  });
  const sandbox = createSandbox({ root: snapshot.root, dataDir: snapshot.dataDir, config });
  const runner = await sandbox.detectRunner(snapshot.root);
  // Awaited here: the snapshot is gone once this function has returned.
  return await new Repair(request, sandbox, runner, snapshot).run();
}

class Repair {
  readonly #request: RepairRequest;
  readonly #sandbox: WarmSandbox;
  readonly #runner: TestRunner | undefined;
  readonly #snapshot: Snapshot;
  readonly #started = performance.now();
  readonly #seed: number;
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(request: RepairRequest, sandbox: WarmSandbox, runner: TestRunner | undefined, snapshot: Snapshot) {
    this.#request = request;
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#snapshot = snapshot;
    this.#seed = request.seed ?? 1;
  }

  async run(): Promise<RepairReport> {
    await using checkout = await this.#sandbox.checkout(this.#snapshot.commit);
    const startMs = this.#elapsed();
    this.#texts = await this.#readSources(checkout);
    const compilation = new Compilation({ root: this.#snapshot.root, copiedFrom: this.#request.repo, texts: this.#texts });
    if (this.#runner === undefined) return await this.#repair(checkout, compilation, undefined, startMs);
    await using warm = await this.#sandbox.openWarmTests(checkout, this.#runner, {
      sources: [...this.#texts.keys()],
      ...(this.#request.signal === undefined ? {} : { signal: this.#request.signal }),
    });
    const tests = await observeTests(this.#sandbox, checkout, this.#runner, warm);
    return await this.#repair(checkout, compilation, tests, startMs);
  }

  async #repair(checkout: Checkout, compilation: Compilation, tests: ObservedTests | undefined, startMs: number): Promise<RepairReport> {
    const { faults } = compilation;
    const own = await this.#ownCommands(checkout, tests, faults.length > 0);
    const failing = tests?.failing ?? [];
    const told: Told = { failing, compileErrors: faults.length, startMs, baseRunMs: tests?.baseRunMs ?? 0 };
    if (tests === undefined && faults.length === 0 && own.types === undefined && !compilation.isTyped)
      throw new SelfhealError('REPO_NO_TESTS', this.#request.repo);
    if (faults.length === 0 && tests?.healthy !== false) return this.#report('healthy', healthyReason(tests, own), told);
    const trials = this.#trials(checkout, tests);
    const before = rankByErrors(this.#ranks(tests), faults);
    const singles = this.#candidates(before, compilation, tests);
    const searchFrom = this.#elapsed();
    const { result, searchMs } = await this.#search(singles, trials);
    const judgeFrom = this.#elapsed();
    const judged = await this.#judge(result, compilation, tests);
    const patches = await this.#prove(judged, own);
    const after = rankByTrials(before, this.#lineTrials(result, judged));
    const offered = patches[0];
    const least = this.#request.leastConfidence ?? LEAST_CONFIDENCE;
    const status = offered === undefined ? 'none' : offered.confidence < least ? 'abstained' : 'offered';
    const goal = tests?.healthy === false ? 'makes the failing tests pass without breaking another' : 'makes everything compile';
    const reason =
      offered === undefined
        ? `none of ${result.tried} edits ${goal}`
        : status === 'abstained'
          ? `the best patch is trusted by ${offered.confidence.toFixed(2)}, less than ${least}`
          : offered.why;
    const ranks = (list: readonly LineRank[]): RankedLine[] => list.slice(0, MOST_REPORTED);
    return this.#report(status, reason, {
      ...told,
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
    const tests = new Set(this.#runner?.testFiles);
    const files = (checkout.paths ?? []).filter((file) => isProductionSource(file) && !tests.has(file) && !file.endsWith('.d.ts'));
    const texts = new Map<string, string>();
    for (const file of files.slice(0, MOST_SOURCES)) {
      const text = await checkout.read(file);
      if (text !== undefined && text.length <= LARGEST_SOURCE) texts.set(file, text);
    }
    return texts;
  }

  /** The check of types is run where something does not compile: elsewhere it would only cost time. */
  async #ownCommands(checkout: Checkout, tests: ObservedTests | undefined, checksTypes: boolean): Promise<OwnCommands> {
    const sandbox = this.#sandbox;
    const own = { sandbox, checkout, ...(tests === undefined ? {} : { tests: { runner: tests.runner, base: tests.real } }) };
    const command = checksTypes || tests === undefined ? await sandbox.detectTypeCheck(this.#snapshot.root) : undefined;
    if (command === undefined) return own;
    const { ran, errors } = await checkTypes(sandbox, checkout, command);
    // A command that is not installed says nothing, before and after.
    return ran ? { ...own, types: { command, base: errors } } : own;
  }

  #trials(checkout: Checkout, tests: ObservedTests | undefined): Trials {
    if (tests === undefined) return compileTrials();
    if (tests.warm !== undefined) return warmTrials(tests.warm, tests.base);
    return processTrials(this.#sandbox, checkout, tests.runner, this.#texts, tests.real);
  }

  #ranks(tests: ObservedTests | undefined): LineRank[] {
    if (tests === undefined || tests.healthy) return [];
    const observed = tests.warm === undefined ? [] : rankLines(this.#texts, tests.base.results);
    // A module that does not even load leaves nothing to observe.
    return observed.length > 0 ? observed : rankByShape(this.#texts, stacksOf(tests.real));
  }

  #candidates(ranks: readonly LineRank[], compilation: Compilation, tests: ObservedTests | undefined): readonly RepairCandidate[] {
    const left = Math.max(1_000, (this.#request.budgetMs ?? DEFAULT_BUDGET_MS) - this.#elapsed());
    const compiling = compilation.faults.length === 0 ? [] : compilation.repairs(COMPILE_SHARE * left, this.#request.signal);
    if (compilation.unparsed.length > 0 || tests?.healthy !== false) return compiling;
    return [...compiling, ...generateCandidates(this.#texts, ranks, expectedValues(tests.base.results))];
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

  async #judge({ plausible }: RepairSearchResult, compilation: Compilation, tests: ObservedTests | undefined): Promise<JudgedPatch[]> {
    const kept = plausible.slice(0, MOST_JUDGED).filter(({ changes }) => !compilation.breaks(changes));
    if (tests === undefined) return judgeByCompiler(kept);
    const { warm, base } = tests;
    const calls = warm === undefined ? [] : probeInputs(callsOf(base.results), this.#seed);
    const limits = trialLimits(base.results);
    const observed = [];
    for (const candidate of kept) {
      const behaviour = warm === undefined || calls.length === 0 ? [] : await warm.call(candidate.changes, calls, limits);
      observed.push({ candidate, behaviour });
    }
    const observations = base.results.flatMap((result) => result.observations.filter(({ id, passed }) => id !== '' || !passed));
    return judgePatches({
      patches: observed,
      base: warm === undefined || calls.length === 0 ? [] : await warm.call([], calls, limits),
      failing: observations.filter(({ passed }) => !passed).length,
      assertions: Math.max(observations.length, base.results.length),
    });
  }

  /** The repository's own commands have the last word: the first patch that they pass is the one offered. */
  async #prove(judged: readonly JudgedPatch[], own: OwnCommands): Promise<RepairPatch[]> {
    const proven: RepairPatch[] = [];
    const others: RepairPatch[] = [];
    for (const [index, one] of judged.entries()) {
      const patch = await this.#describe(one);
      if (proven.length > 0 || index >= MOST_PROVEN) {
        others.push(patch);
        continue;
      }
      const proof = await provePatch(own, patch.edits);
      if (proof !== undefined) proven.push({ ...patch, proof });
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
      compileErrors: told.compileErrors,
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
  readonly compileErrors: number;
  readonly startMs: number;
  readonly baseRunMs: number;
  readonly patches?: readonly RepairPatch[];
  readonly locations?: RepairReport['locations'];
  readonly candidates?: RepairReport['candidates'];
  readonly firstPlausible?: number | undefined;
  readonly searchMs?: number;
  readonly judgeMs?: number;
}

function healthyReason(tests: ObservedTests | undefined, { types }: OwnCommands): string {
  const [error] = types?.base ?? [];
  // Another version of the compiler, or options that its command alone sets.
  if (error !== undefined) return `${types?.command} reports what the compiler held here does not: ${error}`;
  return tests === undefined ? 'everything compiles' : 'no test fails';
}

function stacksOf({ results }: TestReport): string[] {
  return results.flatMap(({ status, error }) => (status === 'failed' && error?.stack !== undefined ? [error.stack] : []));
}

function callsOf(results: readonly WarmResult[]) {
  return results.flatMap((result) => result.calls ?? []);
}
