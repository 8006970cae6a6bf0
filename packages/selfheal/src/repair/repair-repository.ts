import { join } from 'node:path';
import { type Checkout, type SelfhealConfigInput, SelfhealError, type TestRunner, type WarmSandbox } from '@selfheal/contracts';
import {
  compileTrials,
  editsOfChanges,
  expectedValues,
  generateCandidates,
  type JudgedPatch,
  judgeByCompiler,
  judgeEdits,
  type LineRank,
  lineTrials,
  type ObservedTests,
  observeTests,
  openTrialJournal,
  processTrials,
  type RepairCandidate,
  rankByErrors,
  rankByTrials,
  reliabilityAt,
  suspectedLines,
  type TrialJournal,
  type Trials,
  type TriedEdits,
  tryEdits,
  unifiedDiff,
  warmTrials,
} from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import { createSandbox } from '@selfheal/sandbox';
import { loadSelfhealConfig } from '../config/load-config.ts';
import { Compilation } from './compilation.ts';
import { checkTypes, type OwnCommands, provePatch } from './prove-patch.ts';
import { readSources } from './read-sources.ts';
import type { RankedLine, RepairPatch, RepairReport } from './repair-report.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

export interface RepairRequest {
  readonly repo: string;
  /** The test command, or a check of types; by default what the repository says. */
  readonly test?: string;
  readonly budgetMs?: number;
  readonly seed?: number;
  /** A patch below this confidence is shown but not offered, 0..1; by default `policy.minRepairConfidence`. */
  readonly leastConfidence?: number;
  /** Folder where outcomes of candidates are kept until the search has ended, so that a run that was cut off goes on. */
  readonly dataDir?: string;
  readonly overrides?: SelfhealConfigInput;
  /** Ends the search; the report tells what was found until then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

const DEFAULT_BUDGET_MS = 60_000;
const DEFAULT_SEED = 1;
const LEAST_SEARCH_MS = 1_000;
const LEAST_BY_COMPILER = 0.2;
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
  await using snapshot = await takeSnapshot(request.repo, request.dataDir);
  const { config } = await loadSelfhealConfig(snapshot.root, {
    ...request.overrides,
    ...(request.test === undefined ? {} : { test: request.test }),
  });
  const sandbox = createSandbox({ root: snapshot.root, dataDir: snapshot.dataDir, config });
  const runner = await sandbox.detectRunner(snapshot.root);
  const least = request.leastConfidence ?? config.policy.minRepairConfidence;
  // Awaited here: the snapshot is gone once this function has returned.
  return await new Repair(request, { sandbox, runner, snapshot, least, journal: journalOf(request, snapshot, runner) }).run();
}

function journalOf({ dataDir, seed = DEFAULT_SEED }: RepairRequest, { tree }: Snapshot, runner: TestRunner | undefined) {
  if (dataDir === undefined) return undefined;
  return openTrialJournal(join(dataDir, 'repair'), { state: tree, tests: runner === undefined ? [] : [runner.command], seed });
}

interface Surroundings {
  readonly sandbox: WarmSandbox;
  readonly runner: TestRunner | undefined;
  readonly snapshot: Snapshot;
  readonly least: number;
  readonly journal: TrialJournal | undefined;
}

class Repair {
  readonly #request: RepairRequest;
  readonly #sandbox: WarmSandbox;
  readonly #runner: TestRunner | undefined;
  readonly #snapshot: Snapshot;
  readonly #started = performance.now();
  readonly #seed: number;
  readonly #least: number;
  readonly #journal: TrialJournal | undefined;
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(request: RepairRequest, { sandbox, runner, snapshot, least, journal }: Surroundings) {
    this.#request = request;
    this.#least = least;
    this.#journal = journal;
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#snapshot = snapshot;
    this.#seed = request.seed ?? DEFAULT_SEED;
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
    const before = rankByErrors(tests === undefined || tests.healthy ? [] : suspectedLines(this.#texts, tests), faults);
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
    const patches = await this.#prove(judged, own);
    // What was stopped goes on with the next run.
    if (this.#request.signal?.aborted !== true) this.#journal?.finish();
    const after = rankByTrials(before, lineTrials(found, judged));
    const [status, reason] = this.#verdict(found, patches[0], tests);
    const { tried, recalled, perSecond, plausible, searchMs, firstPlausibleMs } = found;
    const ranks = (list: readonly LineRank[]): RankedLine[] => list.slice(0, MOST_REPORTED);
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

  async #describe({ candidate, confidence, evidence, why }: JudgedPatch): Promise<RepairPatch> {
    const edits = editsOfChanges(candidate.changes, this.#texts);
    const before: Record<string, string> = {};
    for (const { file } of edits) before[file] = this.#texts.get(file) ?? '';
    const applied = await applyEdits(edits, async (file) => Buffer.from(before[file] ?? ''));
    const after = Object.fromEntries([...applied].map(([file, bytes]) => [file, bytes.toString('utf8')]));
    const { operator, file, line } = candidate;
    const history = evidence === undefined ? undefined : reliabilityAt(confidence);
    const judged = { confidence, why, ...(evidence === undefined ? {} : { evidence }), ...(history === undefined ? {} : { history }) };
    return { operator, file, line, edits, diff: unifiedDiff(before, after), ...judged };
  }

  #report(status: RepairReport['status'], reason: string, told: Told): RepairReport {
    return {
      status,
      reason,
      stopped: this.#request.signal?.aborted === true,
      failing: told.failing,
      compileErrors: told.compileErrors,
      patches: told.patches ?? [],
      locations: told.locations ?? { before: [], after: [] },
      candidates: told.candidates ?? { made: 0, tried: 0, recalled: 0, perSecond: 0, plausible: 0, mode: 'warm' },
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
