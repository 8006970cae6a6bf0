import {
  type Candidate,
  type CodebaseInfo,
  type Diagnosis,
  type Edit,
  type FixProposers,
  isSelfhealError,
  type LearnedModel,
  type PreviousAttempt,
  type ProposedFix,
  type RegressionTest,
  type SelfhealConfig,
  type SourceSnapshot,
} from '@selfheal/contracts';
import { checkIntegrity } from '../integrity/check-integrity.ts';
import { diagnosedFiles } from '../locate/diagnosed-files.ts';
import { soundInThread } from './parse-in-thread.ts';
import { rankFixes } from './rank-fixes.ts';

export interface ProposedFixInput {
  readonly diagnosis: Diagnosis;
  readonly codebase: CodebaseInfo;
  /** Fails on the base for the right reason. */
  readonly test: RegressionTest;
  readonly priors: readonly LearnedModel[];
  /** Ids of candidates that are not to be tried, those tried already among them. */
  readonly barred: readonly string[];
}

/** How models are asked. */
export interface FixModels {
  readonly proposers: FixProposers;
  /** Names the search, so that one that is repeated after a crash goes on with the answers it had. */
  readonly key: string;
  readonly workflowId: string;
  readonly rounds: number;
  readonly budgetMs: number;
  readonly policy: SelfhealConfig['policy'];
}

export interface ProposedFixPorts {
  readonly models: FixModels;
  readonly sources: () => Promise<SourceSnapshot>;
  readonly signal: AbortSignal;
  now(): number;
  progress(line: string): void;
  /** Runs the new test and all others with the candidate in place; `failed` is empty where it holds. */
  tryOut(candidate: Candidate): Promise<{ failed: readonly string[]; why: string; output: string }>;
}

export interface ProposedFixResult {
  readonly candidate?: Candidate;
  readonly candidates: readonly Candidate[];
  /** What came of it, in words. */
  readonly why: string;
}

/**
 * Asks models for fixes and tries them as any candidate is tried, for a few rounds, each of which is told what the tests said of the one
 * before. Whatever goes wrong in here is told in words and is no failure: nothing else was found, and that stands. Undefined where no model
 * can be asked. Fails with CANCELLED alone.
 */
export async function tryProposedFixes(input: ProposedFixInput, ports: ProposedFixPorts): Promise<ProposedFixResult | undefined> {
  const candidates: Candidate[] = [];
  try {
    return await askAndTry(input, ports, candidates);
  } catch (error) {
    if (ports.signal.aborted || (isSelfhealError(error) && error.code === 'CANCELLED')) throw error;
    return { candidates, why: `the models' fixes could not be tried: ${error instanceof Error ? error.message : String(error)}` };
  }
}

type Outcome = readonly [result: Parameters<FixProposers['conclude']>[1], detail: string];

async function askAndTry(
  input: ProposedFixInput,
  ports: ProposedFixPorts,
  candidates: Candidate[],
): Promise<ProposedFixResult | undefined> {
  const { models, signal } = ports;
  const { diagnosis, test } = input;
  const barred = new Set(input.barred);
  const previous: PreviousAttempt[] = [];
  let endsAt: number | undefined;
  let asked = 0;
  for (let round = 1; round <= models.rounds; round++) {
    if (endsAt !== undefined && ports.now() >= endsAt) break;
    ports.progress(`asking models, round ${round} of ${models.rounds}`);
    const { key, workflowId } = models;
    const answer = await models.proposers.propose({ key, workflowId, diagnosis, test, round, previous }, signal);
    if (answer === undefined) return undefined;
    endsAt ??= answer.askedAt + models.budgetMs;
    if (answer.fixes.length === 0) return { candidates, why: `models: ${answer.why}` };
    asked += answer.fixes.length;
    const { files } = await ports.sources();
    const ranked = rankFixes(answer.fixes, input, files);
    const conclude = async (ids: readonly string[], ...outcome: Outcome) => {
      for (const id of ids) await models.proposers.conclude(id, ...outcome);
    };
    for (const [index, { fix, ids, candidate }] of ranked.entries()) {
      const untried = ranked.slice(index).flatMap((one) => one.ids);
      // A repeated search finds its time used up, and ends as it would have without models.
      if (ports.now() >= endsAt) {
        await conclude(untried, 'stopped', 'the time of models was up before it was tried');
        break;
      }
      const objection = barred.has(candidate.id) ? 'it was tried before' : await objectionTo(fix, candidate, input, files, ports);
      barred.add(candidate.id);
      if (objection !== undefined) {
        await conclude(ids, 'refused', objection);
        previous.push(outcomeOf(fix, candidate, round, `it was refused: ${objection}`));
        continue;
      }
      candidates.push(candidate);
      const verdict = await ports.tryOut(candidate);
      if (verdict.failed.length === 0) {
        await conclude(ids, 'pending', verdict.why);
        await conclude(untried.slice(ids.length), 'stopped', 'another fix held before it was tried');
        return { candidate, candidates, why: verdict.why };
      }
      await conclude(ids, 'retry-failed', verdict.why);
      previous.push(outcomeOf(fix, candidate, round, `${verdict.why}\n${verdict.output}`));
    }
  }
  return { candidates, why: `none of ${asked} fixes that models proposed holds: ${lastOutcome(previous)}` };
}

/** What speaks against a fix before anything is run with it. */
async function objectionTo(
  fix: ProposedFix,
  candidate: Candidate,
  { diagnosis, codebase, test }: ProposedFixInput,
  files: SourceSnapshot['files'],
  { models, signal }: ProposedFixPorts,
): Promise<string | undefined> {
  const allowed = diagnosedFiles(diagnosis.analysis);
  const foreign = fix.edits.find(({ file }) => !allowed.includes(file));
  if (foreign !== undefined) return `${foreign.file} is not among the files that the diagnosis names: ${allowed.join(', ')}`;
  const { valid, violations } = checkIntegrity({
    sources: files,
    edits: [...fix.edits, ...test.edits],
    policy: models.policy,
    allowedFiles: allowed,
    testFiles: [...(codebase.runner?.testFiles ?? []), test.file],
  });
  if (!valid) return violations.map(({ rule, file, detail }) => `${rule} in ${file}: ${detail}`).join('; ');
  const { sound, notes } = await soundInThread({ candidates: [candidate], files, most: 1 }, signal);
  return sound.length === 1 ? undefined : notes.join('; ');
}

function outcomeOf({ reasoning }: ProposedFix, { edits, id }: Candidate, attempt: number, outcome: string): PreviousAttempt {
  const made = edits.map(({ file, search, replace }: Edit) => `in ${file}, in place of\n${search}\nthis:\n${replace}`).join('\n');
  return { attempt, decision: 'RETRY', reasoning: `${reasoning}\nIts edits: ${made}`, patchHash: id, outcome };
}

function lastOutcome(previous: readonly PreviousAttempt[]): string {
  return previous.at(-1)?.outcome.split('\n', 1)[0] ?? 'their time was up';
}
