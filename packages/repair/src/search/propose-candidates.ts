import type {
  Candidate,
  CodebaseInfo,
  FixTemplate,
  IssueAnalysis,
  LearnedModel,
  SelfhealConfig,
  SourceSnapshot,
} from '@selfheal/contracts';
import { changedPaths } from '../patch/apply-edits.ts';
import { hashEdits } from '../patch/hash-edits.ts';
import { learnedPrior, placeWeight } from './candidate-score.ts';
import { appliedTo, soundCandidates } from './sound-candidates.ts';

export interface ProposeInput {
  readonly analysis: IssueAnalysis;
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
  /** Learned models; those of kind `prior` with key `class|template` count. */
  readonly priors: readonly LearnedModel[];
  readonly templates: readonly FixTemplate[];
  readonly policy: SelfhealConfig['policy'];
}

export interface ProposeResult {
  /** Best first, at most `policy.maxCandidates`. */
  candidates: Candidate[];
  /** Distinct candidates before the limit. */
  considered: number;
  /** Templates that failed, candidates that cannot be right: what a person may want to know. */
  notes: string[];
}

/**
 * All templates' candidates for a diagnosed fault, ranked by learned prior x rank of the place x naturalness. Equal results are one
 * candidate; candidates that do not parse, bring type errors or change too much are left out. Pure.
 */
export function proposeCandidates(input: ProposeInput): ProposeResult {
  const notes: string[] = [];
  const proposed = input.templates.flatMap((template) => fromTemplate(template, input, notes));
  const distinct = dedupe(
    proposed.sort((a, b) => b.score - a.score || a.id.localeCompare(b.id)),
    input.sources.files,
  );
  const sound = soundCandidates(distinct, input.sources.files, input.policy.maxCandidates, notes);
  return { candidates: sound, considered: distinct.length, notes };
}

function fromTemplate(template: FixTemplate, input: ProposeInput, notes: string[]): Candidate[] {
  const { analysis, codebase, sources } = input;
  const categories = [analysis.rootCause, ...analysis.alternatives].map((cause) => cause.category);
  if (!categories.some((category) => category === 'unknown' || template.categories.includes(category))) return [];
  const prior = learnedPrior(template, analysis.type, input.priors);
  try {
    return template.propose({ analysis, codebase, sources }).map((one) => ({
      id: hashEdits(one.edits),
      template: template.name,
      title: one.title,
      rationale: one.rationale,
      edits: [...one.edits],
      location: one.location,
      prior,
      score: prior * placeWeight(one.location, analysis) * Math.min(1, Math.max(0, one.naturalness)),
      proposer: 'templates',
    }));
  } catch (error) {
    // One template, perhaps of a plugin, must not keep the others from healing.
    notes.push(`template ${template.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function dedupe(candidates: readonly Candidate[], files: SourceSnapshot['files']): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const after = appliedTo(candidate, files);
    if (!after) return false;
    const key = JSON.stringify(changedPaths(files, after).map((path) => [path, after[path]]));
    if (key === '[]' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
