import {
  type BeatContext,
  type Candidate,
  type CodebaseInfo,
  type Diagnosis,
  type LearnedModel,
  type RegressionTest,
  SelfhealError,
  type SourceSnapshot,
  type TestResult,
  type TestRunner,
  type Trial,
  type WarmSandbox,
} from '@selfheal/contracts';
import { failsForTheRightReason } from './failure-reason.ts';
import { fillProbe, probedValues } from './fill-probe.ts';
import { type FixModels, type ProposedFixPorts, type ProposedFixResult, tryProposedFixes } from './proposed-fixes.ts';
import { type EditSearchResult, searchEdits } from './search-edits.ts';
import { failedIn, TestRuns } from './test-runs.ts';

export interface SearchInput {
  readonly diagnosis: Diagnosis;
  readonly codebase: CodebaseInfo;
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** Best first. */
  readonly tests: readonly RegressionTest[];
  /** Hashes of candidates and patches, and ids of tests, that are not to be tried again. */
  readonly barred: readonly string[];
  /** Learned models: what became of earlier fixes of each kind of edit. */
  readonly priors?: readonly LearnedModel[] | undefined;
}

export interface SearchPorts {
  readonly sandbox: WarmSandbox;
  readonly beat: BeatContext;
  /** Of the diagnosed commit; read only where edits were found. */
  readonly sources: () => Promise<SourceSnapshot>;
  /** The search for edits where no candidate holds; none where its budget is 0. */
  readonly edits: { readonly budgetMs: number; readonly minConfidence: number; readonly journals: string };
  /** Asked where nothing else holds; none where models are off. */
  readonly models?: FixModels | undefined;
  /** Candidates tried at most, over all tests; models' come on top. */
  readonly maxTrials: number;
  /** Milliseconds. */
  now(): number;
}

export interface SearchResult {
  found: boolean;
  candidate?: Candidate;
  test?: RegressionTest;
  trials: Trial[];
  remaining: number;
  why: string;
}

/**
 * Finds the first pair of regression test and candidate that holds: the test fails on the base for the right reason and passes with the
 * candidate, and no other test of the repository fails that did not before. Where no candidate holds, edits of the diagnosed files are
 * searched for with the strictest test that fails for the right reason, and tried like any candidate; where none of those holds either, models
 * are asked, and theirs are tried too. For a coverage gap there is no candidate: the first test
 * that passes on the base. Fails with CANCELLED, SANDBOX_FAILED and the errors of a test run.
 */
export async function searchCandidates(input: SearchInput, ports: SearchPorts): Promise<SearchResult> {
  const { codebase, diagnosis } = input;
  const candidates = input.candidates.filter((candidate) => !input.barred.includes(candidate.id));
  const tests = input.tests.filter((test) => !input.barred.includes(test.id));
  const nothing = (why: string): SearchResult => ({ found: false, trials: [], remaining: 0, why });
  await using checkout = await ports.sandbox.checkout(diagnosis.commit);
  const runner = codebase.runner ?? (await ports.sandbox.detectRunner(checkout.path));
  if (!runner)
    return nothing(`${new SelfhealError('REPO_NO_TESTS', 'the repository says nowhere how its tests run').message} [REPO_NO_TESTS]`);
  if (tests.length === 0) return nothing('no regression test could be made from what production logged');
  const runs = new TestRuns(ports.sandbox, checkout, runner, ports.beat);
  const search = new Search(runs, runner, ports);
  // Awaited here: the checkout is gone once this function has returned.
  if (diagnosis.type === 'coverage') return await search.coverageTest(tests);
  const searchable = isSearchable(diagnosis, ports);
  if (candidates.length === 0 && !searchable && ports.models === undefined) return nothing('no fix template fits the diagnosed cause');
  const { models } = ports;
  const priors = input.priors ?? [];
  return await search.pair(tests, candidates, {
    edits: searchable
      ? (test) => searchEdits({ ...input, priors, test }, { ...ports, ...ports.edits, checkout, runner, runs, ...watched(ports) })
      : undefined,
    fixes:
      models &&
      ((test, tried, tryOut) =>
        tryProposedFixes({ ...input, priors, test, barred: [...input.barred, ...tried] }, { ...ports, models, tryOut, ...watched(ports) })),
  });
}

function watched({ beat }: SearchPorts): { signal: AbortSignal; progress(line: string): void } {
  return { signal: beat.signal, progress: (line) => beat.heartbeat(line) };
}

/** Where more candidates come from, for a test that fails for the right reason. */
interface MoreCandidates {
  readonly edits: ((test: RegressionTest) => Promise<EditSearchResult>) | undefined;
  readonly fixes:
    | ((test: RegressionTest, tried: readonly string[], tryOut: ProposedFixPorts['tryOut']) => Promise<ProposedFixResult | undefined>)
    | undefined;
}

/** Wrong results show in a test whether an edit is right; time and growth do not. */
function isSearchable({ type }: Diagnosis, { edits }: SearchPorts): boolean {
  return edits.budgetMs > 0 && (type === 'error' || type === 'behavioral');
}

/** Characters of what one failing test said. */
const LONGEST_OUTPUT = 3_000;

/** What running a candidate showed; `failed` is empty where it holds, `output` is what the failing tests said. */
interface Verdict {
  readonly failed: string[];
  readonly why: string;
  readonly output: string;
}

class Search {
  readonly #runs: TestRuns;
  readonly #runner: TestRunner;
  readonly #ports: SearchPorts;
  readonly #trials: Trial[] = [];
  #failingOnBase: Set<string> | undefined;

  constructor(runs: TestRuns, runner: TestRunner, ports: SearchPorts) {
    this.#runs = runs;
    this.#runner = runner;
    this.#ports = ports;
  }

  /** The strictest test that reproduces the fault comes first; a plainer one is taken only where no candidate passes the strict one. */
  async pair(tests: readonly RegressionTest[], candidates: readonly Candidate[], more: MoreCandidates): Promise<SearchResult> {
    const reasons: string[] = [];
    let strictest: RegressionTest | undefined;
    for (const [index, test] of tests.entries()) {
      const { result, report } = await this.#runs.resultOf(test, test.edits, `test ${index + 1} of ${tests.length} on the base`);
      if (!result || !failsForTheRightReason(test, result)) {
        reasons.push(whyNoProof(test, result, report.run.stderr));
        continue;
      }
      strictest ??= test;
      const candidate = await this.#firstPlausible(test, candidates, this.#ports.maxTrials);
      if (candidate) return this.#found(candidates, candidate, test);
      if (this.#trials.length >= this.#ports.maxTrials) break;
    }
    if (strictest === undefined)
      return this.#result(false, candidates, `no test showed the fault on the base: ${[...new Set(reasons)].slice(0, 3).join('; ')}`);
    const templates =
      candidates.length === 0 ? 'no fix template fits' : `none of ${candidates.length} candidates passed: ${lastReason(this.#trials)}`;
    const edits = await more.edits?.(strictest);
    const all = [...candidates, ...(edits?.candidates ?? [])];
    const searched = await this.#firstPlausible(strictest, edits?.candidates ?? [], Number.POSITIVE_INFINITY);
    if (searched) return this.#found(all, searched, strictest);
    const why = edits === undefined ? templates : `${templates}; ${edits.why}`;
    const proposed = await this.#proposed(strictest, more.fixes);
    if (proposed?.candidate) return this.#found([...all, ...proposed.candidates], proposed.candidate, strictest);
    return this.#result(false, all, proposed === undefined ? why : `${why}; ${proposed.why}`);
  }

  async #proposed(test: RegressionTest, ask: MoreCandidates['fixes']): Promise<ProposedFixResult | undefined> {
    const tried = this.#trials.map(({ candidateId }) => candidateId);
    return ask?.(test, tried, (candidate) => this.#trial(test, candidate, candidate.title));
  }

  #found(candidates: readonly Candidate[], candidate: Candidate, test: RegressionTest): SearchResult {
    return this.#result(true, candidates, `${candidate.title}: ${test.titles[0]} fails before and passes after`, candidate, test);
  }

  async coverageTest(tests: readonly RegressionTest[]): Promise<SearchResult> {
    const reasons: string[] = [];
    for (const [index, test] of tests.entries()) {
      const progress = `test ${index + 1} of ${tests.length}`;
      const complete = test.probe ? await this.#probed(test, progress) : test;
      if (!complete) {
        reasons.push(`${test.titles[0]}: the values could not be observed`);
        continue;
      }
      const { result, report } = await this.#runs.resultOf(complete, complete.edits, progress);
      if (result?.status === 'passed') return { ...this.#result(true, [], `${complete.titles[0]} passes`, undefined, complete) };
      reasons.push(whyNoProof(complete, result, report.run.stderr));
    }
    return this.#result(false, [], `no test passed: ${reasons.slice(0, 3).join('; ')}`);
  }

  async #probed(test: RegressionTest, progress: string): Promise<RegressionTest | undefined> {
    const probe = { ...test, edits: test.probe?.edits ?? [] };
    const { result } = await this.#runs.resultOf(probe, probe.edits, `${progress}: observing values`);
    const values = probedValues(result);
    return values && fillProbe(test, values);
  }

  async #firstPlausible(test: RegressionTest, candidates: readonly Candidate[], maxTrials: number): Promise<Candidate | undefined> {
    for (const [index, candidate] of candidates.entries()) {
      if (this.#trials.length >= maxTrials) return undefined;
      const verdict = await this.#trial(test, candidate, `candidate ${index + 1} of ${candidates.length}: ${candidate.title}`);
      if (verdict.failed.length === 0) return candidate;
    }
    return undefined;
  }

  /** Tries a candidate and keeps what came of it. */
  async #trial(test: RegressionTest, candidate: Candidate, progress: string): Promise<Verdict> {
    const started = this.#ports.now();
    const verdict = await this.#tryOut(test, candidate, progress);
    const { failed, why } = verdict;
    const durationMs = this.#ports.now() - started;
    this.#trials.push({ candidateId: candidate.id, testId: test.id, plausible: failed.length === 0, durationMs, failed, why });
    return verdict;
  }

  async #tryOut(test: RegressionTest, candidate: Candidate, progress: string): Promise<Verdict> {
    const edits = [...candidate.edits, ...test.edits];
    const { result, report } = await this.#runs.resultOf(test, edits, progress);
    if (result?.status !== 'passed') {
      return {
        failed: test.titles.slice(0, 1),
        why: `the new test ${result ? 'still fails' : 'was not run'}: ${firstLine(result?.error?.message ?? report.run.stderr)}`,
        output: result?.error === undefined ? report.run.stderr : outputOf(result),
      };
    }
    const suite = await this.#runs.suite(edits, `${progress}: all tests`);
    const broken = await this.#brokenBy(suite.results.length === 0 ? report : suite);
    const { stderr } = suite.run;
    if (suite.results.length === 0)
      return { failed: ['all tests'], why: `the tests could not be run: ${firstLine(stderr)}`, output: stderr };
    return broken.length === 0
      ? { failed: [], why: 'the new test and all others pass', output: '' }
      : {
          failed: broken.slice(0, 5).map(({ id }) => id),
          why: `${broken.length} other tests fail with it`,
          output: broken.slice(0, 5).map(outputOf).join('\n'),
        };
  }

  async #brokenBy(report: Awaited<ReturnType<TestRuns['suite']>>): Promise<TestResult[]> {
    const failed = failedIn(report);
    if (failed.length === 0) return [];
    // Only now is it worth knowing which of them fail anyway.
    this.#failingOnBase ??= new Set(
      failedIn(await this.#runs.suite([], `all ${this.#runner.name} tests on the base`)).map((result) => result.id),
    );
    return failed.filter(({ id }) => !this.#failingOnBase?.has(id));
  }

  #result(found: boolean, candidates: readonly Candidate[], why: string, candidate?: Candidate, test?: RegressionTest): SearchResult {
    const tried = new Set(this.#trials.map((trial) => trial.candidateId));
    const remaining = candidates.filter((one) => !tried.has(one.id)).length;
    return { found, ...(candidate ? { candidate } : {}), ...(test ? { test } : {}), trials: [...this.#trials], remaining, why };
  }
}

function whyNoProof(
  test: RegressionTest,
  result: { status: string; error?: { message: string } | undefined } | undefined,
  stderr: string,
): string {
  const title = test.titles[0] ?? test.file;
  if (!result) return `${title}: was not run (${firstLine(stderr)})`;
  return result.status === 'failed'
    ? `${title}: fails for another reason (${firstLine(result.error?.message ?? '')})`
    : `${title}: ${result.status}`;
}

function outputOf({ title, error }: TestResult): string {
  return `${title}: ${error?.message ?? 'failed'}\n${error?.stack ?? ''}`.slice(0, LONGEST_OUTPUT);
}

function lastReason(trials: readonly Trial[]): string {
  return trials.at(-1)?.why ?? 'none could be tried';
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
}
