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

/** How much what a template has shown before is weighed against its published success, in observations. */
const PRIOR_STRENGTH = 4;
/** Each further cause of the diagnosis counts this much less than the one before. */
const RANK_DECAY = 0.8;

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
  const prior = learnedPrior(template, input);
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

/** Mean of the Beta prior of (class, template): the learned counts, or the template's own rate where nothing was learned. */
function learnedPrior(template: FixTemplate, { analysis, priors }: ProposeInput): number {
  const model = priors.find((one) => one.kind === 'prior' && one.key === `${analysis.type}|${template.name}`);
  const { alpha, beta } = model?.value ?? {};
  if (typeof alpha === 'number' && typeof beta === 'number' && alpha + beta > 0) {
    const weight = Math.min(1, (alpha + beta) / PRIOR_STRENGTH);
    return weight * (alpha / (alpha + beta)) + (1 - weight) * template.prior;
  }
  return template.prior;
}

function placeWeight(location: Candidate['location'], { rootCause, alternatives }: IssueAnalysis): number {
  const causes = [rootCause, ...alternatives];
  const contains = (place: Candidate['location']) =>
    place.file === location.file &&
    location.line <= Math.max(place.line, place.endLine ?? 0) &&
    (location.endLine ?? location.line) >= place.line;
  const rank = causes.findIndex((cause) => contains(cause.location));
  const inFile = causes.findIndex((cause) => cause.location.file === location.file);
  if (rank >= 0) return RANK_DECAY ** rank;
  return inFile >= 0 ? 0.9 * RANK_DECAY ** inFile : RANK_DECAY ** causes.length;
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
