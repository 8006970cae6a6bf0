import type { Candidate, Diagnosis, RegressionTest, Trial } from '@selfheal/contracts';

export interface NoteInput {
  readonly diagnosis: Diagnosis;
  readonly candidate?: Candidate | undefined;
  readonly test: RegressionTest;
  readonly trials: readonly Trial[];
}

/** The incident in Markdown, for the pull request and the store: facts apart from guesses, and what was tried. */
export function incidentNote({ diagnosis, candidate, test, trials }: NoteInput): string {
  const { analysis } = diagnosis;
  const { rootCause } = analysis;
  const place = `\`${rootCause.location.file}:${rootCause.location.line}\``;
  const refused = trials.filter((trial) => !trial.plausible);
  const sections = [
    `# ${TITLES[diagnosis.type]} in ${place}`,
    `**Cause** (${rootCause.category}, confidence ${percent(rootCause.confidence)}): ${plain(rootCause.explanation)}`,
    list(
      'What was seen',
      analysis.facts.map(
        (fact) => `${plain(fact.statement)}${fact.lines?.[0] ? ` (${plain(fact.lines[0].source)}:${fact.lines[0].line})` : ''}`,
      ),
    ),
    list('What is assumed', analysis.guesses.map(plain)),
    analysis.suspectCommit === undefined ? '' : `**Suspect commit:** ${analysis.suspectCommit.slice(0, 12)}`,
    candidate
      ? `**Fix** (${candidate.template}): ${plain(candidate.title)}. ${plain(candidate.rationale)}`
      : '**Fix:** none needed; the code was not tested.',
    `**Test:** \`${test.file}\`, ${plain(test.titles.join('; '))}. ${plain(test.expectation)}, from ${plain(test.source.description)}.`,
    list(
      'What was tried and refused',
      refused.slice(0, 8).map((trial) => plain(trial.why)),
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const TITLES: Readonly<Record<Diagnosis['type'], string>> = {
  error: 'Error',
  performance: 'Slow code',
  behavioral: 'Wrong order of steps',
  coverage: 'Untested code',
};

/** Logged text has no say in the note: no markup, no links, no lines of its own. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[[\]<>|]/g, (char) => `\\${char}`)
    .slice(0, 400);
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}:**\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
