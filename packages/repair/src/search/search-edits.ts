import type {
  Candidate,
  Checkout,
  CodebaseInfo,
  Diagnosis,
  LearnedModel,
  RegressionTest,
  SourceSnapshot,
  TestRunner,
  WarmSandbox,
} from '@selfheal/contracts';
import { isProductionSource } from '../codebase/source-kind.ts';
import type { EditOutcomes } from '../judge-patches/confidence.ts';
import type { JudgedPatch } from '../judge-patches/judge-patches.ts';
import { editsOfChanges } from '../patch/edits-of-changes.ts';
import { hashEdits } from '../patch/hash-edits.ts';
import { productionClues } from '../rank-lines/production-clues.ts';
import { rankByClues } from '../rank-lines/rank-by-clues.ts';
import type { LineRank } from '../rank-lines/rank-lines.ts';
import { findRepairs } from '../repair-search/find-repairs.ts';
import { openTrialJournal } from '../repair-search/trial-journal.ts';
import { changeTitle } from './change-title.ts';
import { generateInThread, soundInThread } from './parse-in-thread.ts';
import { productionSuccesses } from './production-successes.ts';
import { relatedTests } from './related-tests.ts';
import { failedIn, type TestRuns } from './test-runs.ts';

export interface EditSearchInput {
  readonly diagnosis: Diagnosis;
  readonly codebase: CodebaseInfo;
  readonly test: RegressionTest;
  /** Learned models; those of kind `prior` with key `class|operator` count. */
  readonly priors: readonly LearnedModel[];
  readonly barred: readonly string[];
}

export interface EditSearchPorts {
  readonly sandbox: WarmSandbox;
  readonly checkout: Checkout;
  readonly runner: TestRunner;
  readonly runs: TestRuns;
  readonly sources: () => Promise<SourceSnapshot>;
  readonly budgetMs: number;
  readonly minConfidence: number;
  /** Where the outcomes of candidates are kept, so that a retry of the beat goes on. */
  readonly journals: string;
  readonly signal: AbortSignal;
  progress(line: string): void;
}

export interface EditSearchResult {
  /** Trusted ones, best first. */
  readonly candidates: Candidate[];
  /** What came of it, in words. */
  readonly why: string;
}

const MOST_CANDIDATES = 3;
/** More than are tried within any sensible budget. */
const MOST_EDITS = 10_000;
const LARGEST_SOURCE = 200_000;
const SEED = 1;
/** How much the diagnosis is believed: a line that it names counts this many times as much as one that only the coverage suspects. */
const AT_CAUSE = 4;
const IN_FUNCTION = 2;

/**
 * Edits of the diagnosed files that make a test of production data pass: the search of `selfheal repair`, with the place that the diagnosis
 * suspects and with what the engine has learned of each kind of edit. Only edits that are trusted enough come back. Fails with CANCELLED and
 * the errors of the sandbox.
 */
export async function searchEdits(input: EditSearchInput, ports: EditSearchPorts): Promise<EditSearchResult> {
  const { diagnosis, codebase, test } = input;
  const { checkout, runner, runs } = ports;
  await checkout.reset();
  const texts = await diagnosedSources(diagnosis, checkout);
  if (texts.size === 0) return { candidates: [], why: 'no source of the diagnosis can be edited' };
  const files = await greenTests(test, [...texts.keys()], ports);
  await checkout.reset();
  await checkout.apply(test.edits);
  const state = { state: diagnosis.commit, tests: [runner.command, ...files, hashEdits(test.edits)], seed: SEED };
  const journal = openTrialJournal(ports.journals, state);
  const found = await findRepairs({
    sandbox: ports.sandbox,
    checkout,
    runner,
    files,
    texts,
    given: test.edits,
    budgetMs: ports.budgetMs,
    seed: SEED,
    suspect: (ranks) => believeDiagnosis(rankByClues(ranks, productionClues(diagnosis.analysis)), diagnosis),
    generate: (ranks, expected) => generateInThread({ texts, ranks, expected, most: MOST_EDITS }, ports.signal),
    successes: productionSuccesses(diagnosis.analysis, codebase, [...texts.keys()]),
    outcomesOf: (operator) => learnedOutcomes(input, operator),
    journal,
    signal: ports.signal,
    onProgress: (line) => ports.progress(line),
  });
  runs.checkCancelled();
  journal.finish();
  const candidates = found.judged.map((patch) => asCandidate(patch, texts, diagnosis)).filter(({ id }) => !input.barred.includes(id));
  const trusted = candidates.filter(({ prior }) => prior >= ports.minConfidence);
  if (trusted.length === 0) return { candidates: [], why: whyNone(candidates, found.tried, ports.minConfidence) };
  const { files: sources } = await ports.sources();
  const { sound } = await soundInThread({ candidates: trusted, files: sources, most: MOST_CANDIDATES }, ports.signal);
  return { candidates: sound, why: `${found.tried} edits tried, ${sound.length} of those that pass are trusted` };
}

/** The files that the diagnosis names: what a patch may change. */
async function diagnosedSources({ analysis }: Diagnosis, checkout: Checkout): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { location } of [analysis.rootCause, ...analysis.alternatives]) {
    if (texts.has(location.file) || !isProductionSource(location.file) || !/\.[cm]?[jt]s$/.test(location.file)) continue;
    const text = await checkout.read(location.file);
    if (text !== undefined && text.length <= LARGEST_SOURCE) texts.set(location.file, text);
  }
  return texts;
}

/** The new test, and the files of tests around it that pass on the base: others could never tell a right edit. */
async function greenTests(
  test: RegressionTest,
  sources: readonly string[],
  { checkout, runner, runs }: EditSearchPorts,
): Promise<string[]> {
  const related = (await relatedTests(runner.testFiles, sources, checkout)).filter((file) => file !== test.file);
  if (related.length === 0) return [test.file];
  const report = await runs.files(related, 'tests of the diagnosed files on the base');
  const failing = failedIn(report).map(({ file }) => file);
  return [test.file, ...related.filter((file) => !failing.some((one) => one === file || one.endsWith(`/${file}`)))];
}

function believeDiagnosis(ranks: readonly LineRank[], { analysis }: Diagnosis): LineRank[] {
  const causes = [analysis.rootCause, ...analysis.alternatives];
  const weightOf = ({ file, line }: LineRank): number =>
    Math.max(
      1,
      ...causes.map(({ location, confidence }) => {
        if (location.file !== file) return 1;
        if (line >= location.line && line <= (location.endLine ?? location.line)) return 1 + (AT_CAUSE - 1) * confidence;
        const inside = line >= (location.functionStart ?? Number.POSITIVE_INFINITY) && line <= (location.functionEnd ?? 0);
        return inside ? 1 + (IN_FUNCTION - 1) * confidence : 1;
      }),
    );
  return ranks
    .map((rank): LineRank => {
      const weight = weightOf(rank);
      const why = weight === 1 ? rank.why : `the diagnosis suspects it; ${rank.why}`;
      return { ...rank, score: (rank.score * weight) / AT_CAUSE, why };
    })
    .sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line);
}

function learnedOutcomes({ diagnosis, priors }: EditSearchInput, operator: string): EditOutcomes | undefined {
  const { alpha, beta } = priors.find(({ kind, key }) => kind === 'prior' && key === `${diagnosis.type}|${operator}`)?.value ?? {};
  return typeof alpha === 'number' && typeof beta === 'number' ? { alpha, beta } : undefined;
}

function asCandidate(
  { candidate: { changes, file, line, operator }, confidence, why }: JudgedPatch,
  texts: ReadonlyMap<string, string>,
  { analysis }: Diagnosis,
): Candidate {
  const edits = editsOfChanges(changes, texts);
  const [first] = edits;
  const { rootCause } = analysis;
  const named = rootCause.location.file === file && inFunction(line, rootCause.location) ? rootCause.location : {};
  return {
    id: hashEdits(edits),
    template: operator,
    title: first === undefined ? operator : changeTitle(first.search, first.replace),
    rationale: `Found by search (${operator}), right with a probability of ${confidence.toFixed(2)}: ${why}`,
    edits,
    location: { ...named, file, line },
    prior: confidence,
    score: confidence,
    proposer: 'search',
  };
}

function inFunction(line: number, { functionStart = Number.POSITIVE_INFINITY, functionEnd = 0 }: Candidate['location']): boolean {
  return line >= functionStart && line <= functionEnd;
}

function whyNone(candidates: readonly Candidate[], tried: number, least: number): string {
  const [best] = candidates;
  if (best === undefined) return `none of ${tried} searched edits makes the test pass`;
  return `${best.template} at ${best.location.file}:${best.location.line} is plausible but not trusted (${best.prior.toFixed(2)}, less than ${least})`;
}
