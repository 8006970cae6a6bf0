import type { CitedFact, CodeLocation, RootCause } from '@selfheal/contracts';

/** JSON value as the records hold it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One part of a score, with the reason that a person can check. */
export interface ScorePart {
  readonly part: 'place' | 'match' | 'change' | 'evidence';
  readonly value: number;
  readonly why: string;
}

/** A possible cause as an analyser found it. `data` is what fix templates of its category need (see README.md). */
export interface Finding {
  readonly category: string;
  readonly location: CodeLocation;
  readonly expression?: string;
  readonly explanation: string;
  readonly data: Record<string, Json>;
  readonly facts: readonly CitedFact[];
  readonly guesses: readonly string[];
  readonly scores: readonly ScorePart[];
}

/** Where the fault is matters most, then whether the code there explains what was seen. */
const WEIGHTS: Readonly<Record<ScorePart['part'], number>> = { place: 0.35, match: 0.4, change: 0.1, evidence: 0.15 };
/** What is assumed of a part that an analyser could not judge. */
const UNJUDGED = 0.5;

/** No inference is certain before its fix is proved. */
const HIGHEST = 0.99;

/** Confidence of a finding, 0..1: the weighted mean of its parts. */
export function confidenceOf(finding: Finding): number {
  let sum = 0;
  for (const [part, weight] of Object.entries(WEIGHTS))
    sum += weight * (finding.scores.find((score) => score.part === part)?.value ?? UNJUDGED);
  return Math.round(Math.min(HIGHEST, Math.max(0, sum)) * 1000) / 1000;
}

/** Best first; of equal place and category only the best is kept. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of [...findings].sort((a, b) => confidenceOf(b) - confidenceOf(a))) {
    const { file, line, column } = finding.location;
    const key = `${finding.category} ${file}:${line}:${column}`;
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()];
}

export function toRootCause(finding: Finding): RootCause {
  const why = finding.scores.map((score) => `${score.part} ${score.value.toFixed(2)}: ${score.why}`).join('; ');
  return {
    category: finding.category,
    explanation: why === '' ? finding.explanation : `${finding.explanation} (${why})`,
    location: finding.location,
    ...(finding.expression === undefined ? {} : { expression: finding.expression }),
    confidence: confidenceOf(finding),
  };
}
