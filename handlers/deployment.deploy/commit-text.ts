import type { Diagnosis, Incident, Patch, Validation } from '@selfheal/contracts';

const SUBJECT_LENGTH = 72;

/** What the fix does, else what was wrong. */
export function commitSubject(incident: Pick<Incident, 'title'>, patch: Pick<Patch, 'candidate' | 'test'>): string {
  const text = (patch.candidate?.title ?? `Test ${patch.test.target.function ?? patch.test.target.file}: ${incident.title}`)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length <= SUBJECT_LENGTH ? text : `${text.slice(0, SUBJECT_LENGTH - 1).trimEnd()}…`;
}

export function commitBody(diagnosis: Diagnosis, patch: Patch): string {
  const { rootCause } = diagnosis.analysis;
  const { file, line, function: name } = rootCause.location;
  return [
    rootCause.explanation,
    `Seen at ${file}:${line}${name === undefined ? '' : ` in ${name}`}.`,
    patch.candidate === undefined ? '' : patch.candidate.rationale,
    `Guarded by ${patch.test.titles.map((title) => `"${title}"`).join(', ')} in ${patch.test.file}: ${patch.test.expectation}`,
  ]
    .filter((part) => part !== '')
    .map((part) => wrap(part))
    .join('\n\n');
}

/** Who proposed the change, and by what. */
export function proposerOf({ candidate, test }: Pick<Patch, 'candidate' | 'test'>): string {
  if (candidate === undefined) return `test generation (${test.proof})`;
  return candidate.model === undefined ? `${candidate.proposer} (${candidate.template})` : `the model ${candidate.model}`;
}

export function trailersOf(
  incident: Pick<Incident, 'id'>,
  patch: Pick<Patch, 'candidate' | 'test'>,
  { confidence, proof }: Pick<Validation, 'confidence' | 'proof'>,
) {
  return {
    'Selfheal-Incident': incident.id,
    'Selfheal-Proposer': proposerOf(patch),
    'Selfheal-Confidence': confidence.toFixed(2),
    'Selfheal-Proof': `${proof.class}: ${proof.detail}`,
  };
}

/** Lines of at most 76 characters, as git's own texts are. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 76) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
