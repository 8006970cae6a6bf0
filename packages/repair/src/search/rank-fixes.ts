import type { Candidate, Diagnosis, LearnedModel, ProposedFix, SourceSnapshot } from '@selfheal/contracts';
import { hashEdits } from '../patch/hash-edits.ts';
import { learnedPrior, placeWeight } from './candidate-score.ts';
import { changeTitle } from './change-title.ts';

/**
 * How often a model's fix that passes the tests is right, before anything was learned of the model: repair tools that stop at passing tests
 * are right in about half of the cases (Smith et al., "Is the cure worse than the disease?", 2015), and a model knows no more than they.
 */
const MODEL_PRIOR = 0.5;

export interface RankedFix {
  readonly fix: ProposedFix;
  /** Ids of all answers that make these edits, its own among them. */
  readonly ids: readonly string[];
  readonly candidate: Candidate;
}

/**
 * Models' fixes as candidates, on one scale with those of templates: learned prior x place x agreement. What a model says of its own
 * confidence counts for nothing; that several answers make the same edits does (self-consistency: Wang et al., 2023). Equal edits are one
 * candidate; of equal scores the smaller change comes first.
 */
export function rankFixes(
  fixes: readonly ProposedFix[],
  about: { readonly diagnosis: Diagnosis; readonly priors: readonly LearnedModel[] },
  files: SourceSnapshot['files'],
): RankedFix[] {
  const byEdits = Map.groupBy(fixes, ({ edits }) => hashEdits(edits));
  return [...byEdits]
    .flatMap(([id, same]) => {
      const [fix] = same;
      return fix === undefined
        ? []
        : [{ fix, ids: same.map((one) => one.id), candidate: asCandidate(id, fix, same.length / fixes.length, about, files) }];
    })
    .sort((a, b) => b.candidate.score - a.candidate.score || sizeOf(a.fix) - sizeOf(b.fix) || a.candidate.id.localeCompare(b.candidate.id));
}

function asCandidate(
  id: string,
  { edits, model, reasoning }: ProposedFix,
  agreement: number,
  { diagnosis: { analysis }, priors }: Parameters<typeof rankFixes>[1],
  files: SourceSnapshot['files'],
): Candidate {
  const template = `model:${model}`;
  const [first] = edits;
  const location = first === undefined ? analysis.rootCause.location : placeOf(first, files);
  const prior = learnedPrior({ name: template, prior: MODEL_PRIOR }, analysis.type, priors);
  return {
    id,
    template,
    title: first === undefined ? template : changeTitle(first.search, first.replace),
    rationale: `Proposed by the model ${model}, which says: ${reasoning}`,
    edits: [...edits],
    location,
    prior,
    score: prior * placeWeight(location, analysis) * agreement,
    proposer: 'models',
    model,
  };
}

function placeOf({ file, search }: ProposedFix['edits'][number], files: SourceSnapshot['files']): Candidate['location'] {
  const text = Object.hasOwn(files, file) ? (files[file] ?? '') : '';
  const line = text.slice(0, Math.max(0, text.indexOf(search))).split('\n').length;
  return { file, line, endLine: line + search.split('\n').length - 1 };
}

function sizeOf({ edits }: ProposedFix): number {
  return edits.reduce((sum, { search, replace }) => sum + search.length + replace.length, 0);
}
