import type { BeatInput, Check, CitedFact, Patch } from '@selfheal/contracts';
import { precisionSoFar } from './auto-merge-threshold.ts';
import { commitSubject, proposerOf, trailersOf } from './commit-text.ts';

type Facts = BeatInput<'createPullRequest'>;

const MAX_FACTS = 12;
const MAX_LINES_OF_A_FACT = 3;
const MAX_DIFF_LINES = 400;

export function pullRequestTitle({ incident, patch }: Pick<Facts, 'incident' | 'patch'>): string {
  return commitSubject(incident, patch);
}

/** The description in Markdown. Texts of telemetry stand in code spans and fences, so that they are shown and never rendered. */
export function pullRequestBody(facts: Facts, key: string): string {
  const { incident, diagnosis, patch, validation } = facts;
  const { rootCause, guesses, suspectCommit } = diagnosis.analysis;
  const { file, line, function: name } = rootCause.location;
  const trailers = Object.entries({ ...trailersOf(incident, patch, validation), 'Selfheal-Key': key });
  return [
    '## Cause',
    `${escaped(rootCause.explanation)} (${code(`${file}:${line}`)}${name === undefined ? '' : ` in ${code(name)}`}, confidence ${diagnosis.confidence.toFixed(2)})`,
    suspectCommit === undefined ? '' : `Last changed by ${code(suspectCommit.slice(0, 12))}.`,
    '## Evidence',
    diagnosis.analysis.facts.slice(0, MAX_FACTS).map(factLines).join('\n'),
    guesses.length === 0 ? '' : `Guessed, not observed:\n${guesses.map((guess) => `- ${escaped(guess)}`).join('\n')}`,
    '## Change',
    patch.candidate === undefined ? 'No production code changes.' : escaped(patch.candidate.rationale),
    `Proposed by ${escaped(proposerOf(patch))}.`,
    diffStat(patch),
    fence(shortened(patch.diff), 'diff'),
    '## Test',
    patch.test.titles.map((title) => `- ${code(title)} in ${code(patch.test.file)}`).join('\n'),
    `${escaped(patch.test.expectation)} Made from ${escaped(patch.test.source.description)}.`,
    '## Proof',
    escaped(validation.proof.detail),
    proofTable(validation.checks),
    '## Record of this class',
    recordLine(facts),
    patch.documentation.note,
    trailers.map(([trailer, value]) => `${trailer}: ${value.replaceAll(/\s+/g, ' ')}`).join('\n'),
  ]
    .filter((part) => part.trim() !== '')
    .join('\n\n');
}

function factLines({ statement, lines = [], at }: CitedFact): string {
  const place = at === undefined ? '' : ` (${code(`${at.file}:${at.line}`)})`;
  const cited = lines
    .slice(0, MAX_LINES_OF_A_FACT)
    .map((line) => `  - ${code(`${line.source}:${line.line}`)} ${code(line.text.slice(0, 300))}`);
  return [`- ${escaped(statement)}${place}`, ...cited].join('\n');
}

/** `2 files, +3 -1`, counted from the unified diff. */
function diffStat({ diff, files }: Patch): string {
  const lines = diff.split('\n');
  const added = lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length;
  const removed = lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length;
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}, +${added} -${removed}: ${files.map(code).join(', ')}`;
}

function proofTable(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ name, passed, required, detail }) =>
      `| ${cell(name)} | ${passed ? 'passed' : required ? 'FAILED' : 'failed (not required)'} | ${cell(detail)} |`,
  );
  return ['| check | result | detail |', '| --- | --- | --- |', ...rows].join('\n');
}

function recordLine({ patch, calibration }: Facts): string {
  const { right, total } = precisionSoFar(patch.type, calibration);
  if (total === 0) return `No ${patch.type} fix has a verdict from production yet.`;
  return `${right} of ${total} ${patch.type} fixes held in production so far (${Math.round((100 * right) / total)} %).`;
}

function shortened(diff: string): string {
  const lines = diff.trimEnd().split('\n');
  return lines.length <= MAX_DIFF_LINES
    ? lines.join('\n')
    : [...lines.slice(0, MAX_DIFF_LINES), `… ${lines.length - MAX_DIFF_LINES} more lines`].join('\n');
}

/** A fence longer than any run of backticks within. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function code(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${plain}${ticks}` : `${ticks} ${plain} ${ticks}`;
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|');
}

/** Plain text: no links, images or HTML that a log could bring. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[<>[\]\\*_]/g, (character) => `\\${character}`);
}
