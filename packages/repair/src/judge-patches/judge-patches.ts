import type { TextChange, WarmCall } from '@selfheal/contracts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';
import type { TrialOutcome } from '../repair-search/search-repairs.ts';
import { confidenceOf, type EditOutcomes, explainConfidence } from './confidence.ts';
import { mutantsOf } from './fix-mutants.ts';
import { groupMeanings, type Meaning, type ObservedPatch } from './meanings.ts';
import { evidenceOf, type PatchEvidence } from './patch-evidence.ts';
import { probeInputs } from './probe-inputs.ts';

export interface JudgedPatch {
  readonly candidate: RepairCandidate;
  /** Probability that it means what a person would have written, 0..1. */
  readonly confidence: number;
  /** What the confidence was computed from; absent where there are no tests. */
  readonly evidence?: PatchEvidence;
  readonly why: string;
}

export interface JudgeInput {
  /** Best first. */
  readonly plausible: readonly RepairCandidate[];
  readonly texts: ReadonlyMap<string, string>;
  readonly seed: number;
  /** Calls that the tests made. */
  readonly recorded: readonly WarmCall[];
  /** Calls that went well in production. */
  readonly successes: readonly WarmCall[];
  /** Assertions that failed on the base, and all. */
  readonly failing: number;
  readonly assertions: number;
  /** What became of earlier fixes of one kind in production. */
  readonly outcomesOf?: (operator: string) => EditOutcomes | undefined;
  attempt(changes: readonly TextChange[]): Promise<TrialOutcome>;
  /** One line for each call; absent where functions cannot be called one by one. */
  call?(changes: readonly TextChange[], calls: readonly WarmCall[]): Promise<readonly string[]>;
}

const MOST_JUDGED = 120;
const MOST_MUTANTS = 8;
/** Meanings whose tests are checked by mutants: of the others none is offered. */
const MOST_CHECKED = 3;

/**
 * Ranks plausible patches by how likely they are right. Those that behave alike on generated inputs are one meaning, of which the likeliest
 * edit stands for all; a patch that changes what went well in production is left out. The order is that of the meanings' weight, which compares
 * patches of one search; the confidence, of the fitted model, says how far the first of them is to be trusted.
 */
export async function judgePatches(input: JudgeInput): Promise<JudgedPatch[]> {
  const probes = input.call === undefined ? [] : probeInputs(input.recorded, input.seed);
  const calls = input.call === undefined ? [] : [...probes, ...input.successes];
  const behaviourOf = async (changes: readonly TextChange[]): Promise<readonly string[]> =>
    calls.length === 0 ? [] : ((await input.call?.(changes, calls)) ?? []);
  const base = await behaviourOf([]);
  const patches: ObservedPatch[] = [];
  for (const candidate of input.plausible.slice(0, MOST_JUDGED)) {
    const behaviour = await behaviourOf(candidate.changes);
    if (keepsSuccesses(base, behaviour, probes.length)) patches.push({ candidate, behaviour });
  }
  const meanings = groupMeanings(patches, base);
  const judged: JudgedPatch[] = [];
  for (const [index, meaning] of meanings.entries()) {
    const mutants = index < MOST_CHECKED ? await checkMutants(meaning, input, behaviourOf) : undefined;
    const { failing, assertions } = input;
    const evidence = evidenceOf(meaning, {
      meanings: meanings.length,
      failing,
      assertions,
      base,
      ...(mutants === undefined ? {} : { mutants }),
    });
    judged.push({
      candidate: meaning.best.candidate,
      confidence: confidenceOf(evidence),
      evidence,
      why: reasons(meaning, evidence, input),
    });
  }
  return judged;
}

/** The calls behind the probes went well in production: where the base still gives a value, the patch gives the same. */
function keepsSuccesses(base: readonly string[], behaviour: readonly string[], from: number): boolean {
  return base.slice(from).every((line, at) => line.startsWith('throws ') || behaviour[from + at] === line);
}

/** Mutants of the fix that behave otherwise than it, and those of them that the tests notice. */
async function checkMutants(
  { best }: Meaning,
  { texts, attempt }: JudgeInput,
  behaviourOf: (changes: readonly TextChange[]) => Promise<readonly string[]>,
): Promise<{ killed: number; total: number } | undefined> {
  if (best.behaviour.length === 0) return undefined;
  let [killed, total] = [0, 0];
  for (const mutant of mutantsOf(best.candidate, texts, MOST_MUTANTS)) {
    if (!(await attempt(mutant)).plausible) killed += 1;
    else if ((await behaviourOf(mutant)).join('\n') === best.behaviour.join('\n')) continue;
    total += 1;
  }
  return { killed, total };
}

function reasons({ members, share }: Meaning, evidence: PatchEvidence, { plausible, assertions }: JudgeInput): string {
  const agreement = `${members} of ${plausible.length} plausible edits behave alike; ${Math.round(share * 100)} % of the weight of all`;
  const mutants = evidence.killed === undefined ? '' : `; the tests notice ${Math.round(evidence.killed * 100)} % of its mutants`;
  return `${agreement}; ${assertions} assertions hold${mutants}; ${explainConfidence(evidence)}`;
}
