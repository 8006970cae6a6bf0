import { type Checkout, SelfhealError, type TestRunner, type WarmSandbox } from '@selfheal/contracts';
import {
  compileTrials,
  expectedValues,
  generateCandidates,
  historyClues,
  type JudgedPatch,
  judgeByCompiler,
  judgeEdits,
  type LineRank,
  lineTrials,
  type ObservedTests,
  observeTests,
  processTrials,
  type RepairCandidate,
  rankByClues,
  rankByErrors,
  rankByTrials,
  suspectedLines,
  type TrialJournal,
  type Trials,
  type TriedEdits,
  tryEdits,
  warmTrials,
} from '@selfheal/repair';
import { Compilation } from './compilation.ts';
import { makeReport, type Told } from './make-report.ts';
import { offerPatches } from './offer-patches.ts';
import { checkTypes, type OwnCommands } from './prove-patch.ts';
import { readSources } from './read-sources.ts';
import type { RankedLine, RepairPatch, RepairReport } from './repair-report.ts';
import type { RepairRequest } from './repair-request.ts';
import type { Snapshot } from './snapshot.ts';

const DEFAULT_BUDGET_MS = 60_000;
const LEAST_SEARCH_MS = 1_000;
const LEAST_BY_COMPILER = 0.2;
const MOST_JUDGED = 120;
const MOST_LINES = 10;
/** Of the budget, for edits that make the project compile: the rest is for running tests. */
const COMPILE_SHARE = 0.5;

/** What a run works with, made for this repository. */
export interface Surroundings {
  readonly sandbox: WarmSandbox;
  readonly runner: TestRunner | undefined;
  readonly snapshot: Snapshot;
  readonly least: number;
  readonly seed: number;
  readonly journal: TrialJournal | undefined;
}

/** One repair from the first run of the tests to the report. */
export class RepairRun {
  readonly #request: RepairRequest;
  readonly #sandbox: WarmSandbox;
  readonly #runner: TestRunner | undefined;
  readonly #snapshot: Snapshot;
  readonly #started = performance.now();
  readonly #seed: number;
  readonly #least: number;
  readonly #journal: TrialJournal | undefined;
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(request: RepairRequest, { sandbox, runner, snapshot, least, seed, journal }: Surroundings) {
    this.#request = request;
    this.#least = least;
    this.#journal = journal;
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#snapshot = snapshot;
    this.#seed = seed;
  }

  async run(): Promise<RepairReport> {
    await using checkout = await this.#sandbox.checkout(this.#snapshot.commit);
    const startMs = this.#elapsed();
    this.#texts = await readSources(checkout, this.#runner?.testFiles ?? []);
    const compilation = new Compilation({ root: this.#snapshot.root, copiedFrom: this.#request.repo, texts: this.#texts });
    if (this.#runner === undefined) return await this.#repair(checkout, compilation, undefined, startMs);
    // Not ended by the signal: what was found until then is still judged.
    await using warm = await this.#sandbox.openWarmTests(checkout, this.#runner, { sources: [...this.#texts.keys()] });
    const tests = await observeTests({ sandbox: this.#sandbox, checkout, runner: this.#runner }, warm);
    return await this.#repair(checkout, compilation, tests, startMs);
  }

  async #repair(checkout: Checkout, compilation: Compilation, tests: ObservedTests | undefined, startMs: number): Promise<RepairReport> {
    const { faults } = compilation;
    const own = await this.#ownCommands(checkout, tests, faults.length > 0);
    const failing = tests?.failing ?? [];
    const told: Told = { failing, compileErrors: faults.length, startMs, baseRunMs: tests?.baseRunMs ?? 0 };
    if (tests === undefined && faults.length === 0 && own.types === undefined && !compilation.isTyped)
      throw new SelfhealError('REPO_NO_TESTS', this.#request.repo);
    // Where the tests pass, plain JavaScript was loaded by an engine: what a compiler says of it is no fault.
    const isAtFault = compilation.isTyped || compilation.unparsed.length > 0 || tests?.healthy !== true;
    if ((faults.length === 0 || !isAtFault) && tests?.healthy !== false) return this.#report('healthy', healthyReason(tests, own), told);
    const trials = this.#trials(checkout, tests);
    const before = rankByErrors(tests === undefined || tests.healthy ? [] : await this.#suspected(tests), faults);
    const singles = this.#candidates(before, compilation, tests);
    const searchFrom = this.#elapsed();
    const found = await tryEdits(singles, trials, {
      budgetMs: Math.max(LEAST_SEARCH_MS, this.#budgetMs - searchFrom),
      journal: this.#journal,
      stop: this.#request.signal,
      onProgress: this.#request.onProgress,
    });
    const judgeFrom = this.#elapsed();
    const judged = await this.#judge(found, compilation, tests, trials);
    const patches = await offerPatches(judged, own, this.#texts);
    // What was stopped goes on with the next run.
    if (this.#request.signal?.aborted !== true) this.#journal?.finish();
    const after = rankByTrials(before, lineTrials(found, judged));
    const [status, reason] = this.#verdict(found, patches[0], tests);
    const { tried, recalled, perSecond, plausible, searchMs, firstPlausibleMs } = found;
    const ranks = (list: readonly LineRank[]): RankedLine[] => list.slice(0, MOST_LINES);
    return this.#report(status, reason, {
      ...told,
      patches,
      locations: { before: ranks(before), after: ranks(after) },
      candidates: { made: singles.length, tried, recalled, perSecond, plausible: plausible.length, mode: trials.mode },
      firstPlausible: firstPlausibleMs === undefined ? undefined : searchFrom + firstPlausibleMs,
      searchMs,
      judgeMs: this.#elapsed() - judgeFrom,
    });
  }

  async #suspected(tests: ObservedTests): Promise<LineRank[]> {
    const ranks = suspectedLines(this.#texts, tests);
    return rankByClues(ranks, await historyClues(this.#request.repo, [...new Set(ranks.map(({ file }) => file))]));
  }

  #verdict({ tried }: TriedEdits, best: RepairPatch | undefined, tests: ObservedTests | undefined): [RepairReport['status'], string] {
    if (best === undefined) {
      const goal = tests?.healthy === false ? 'makes the failing tests pass without breaking another' : 'makes everything compile';
      return ['none', `none of ${tried} edits ${goal}${this.#request.signal?.aborted === true ? '; the search was stopped' : ''}`];
    }
    // The compiler's word is no probability: a patch that nothing else speaks for is measured by itself.
    const least = best.evidence === undefined ? LEAST_BY_COMPILER : this.#least;
    if (best.confidence >= least) return ['offered', best.why];
    return [
      'abstained',
      `plausible but not trusted: the best patch is right with a probability of ${best.confidence.toFixed(2)}, less than ${least}`,
    ];
  }

  async #judge(
    { plausible }: TriedEdits,
    compilation: Compilation,
    tests: ObservedTests | undefined,
    trials: Trials,
  ): Promise<JudgedPatch[]> {
    const kept = plausible.slice(0, MOST_JUDGED).filter(({ changes }) => !compilation.breaks(changes));
    return tests === undefined ? judgeByCompiler(kept) : judgeEdits(kept, tests, trials, { texts: this.#texts, seed: this.#seed });
  }

  get #budgetMs(): number {
    return this.#request.budgetMs ?? DEFAULT_BUDGET_MS;
  }

  #elapsed(): number {
    return performance.now() - this.#started;
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
    return processTrials({ sandbox: this.#sandbox, checkout, runner: tests.runner, texts: this.#texts }, tests.real);
  }

  #candidates(ranks: readonly LineRank[], compilation: Compilation, tests: ObservedTests | undefined): readonly RepairCandidate[] {
    const left = Math.max(LEAST_SEARCH_MS, this.#budgetMs - this.#elapsed());
    const compiling = compilation.faults.length === 0 ? [] : compilation.repairs(COMPILE_SHARE * left, this.#request.signal);
    if (compilation.unparsed.length > 0 || tests?.healthy !== false) return compiling;
    return [...compiling, ...generateCandidates(this.#texts, ranks, expectedValues(tests.base.results))];
  }

  #report(status: RepairReport['status'], reason: string, told: Told): RepairReport {
    const stopped = this.#request.signal?.aborted === true;
    return makeReport({ ...told, status, reason, stopped, totalMs: this.#elapsed(), seed: this.#seed });
  }
}

function healthyReason(tests: ObservedTests | undefined, { types }: OwnCommands): string {
  const [error] = types?.base ?? [];
  // Another version of the compiler, or options that its command alone sets.
  if (error !== undefined) return `${types?.command} reports what the compiler held here does not: ${error}`;
  return tests === undefined ? 'everything compiles' : 'no test fails';
}
