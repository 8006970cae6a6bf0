import { severityOf } from '../normalise/severity.ts';
import { stampAt } from './stamp.ts';

/** Words that logs use for severities at the place where a severity stands. */
const LEVEL_WORDS =
  'trace|verbose|silly|vrb|debug|dbg|fine|finer|finest|info|information|inf|notice|log|http|success|warn|warning|wrn|error|err|eror|severe|fatal|ftl|critical|crit|alert|emerg|emergency|panic';

const leading = new RegExp(
  `^(?:\\[(${LEVEL_WORDS})\\s*\\]|<(${LEVEL_WORDS})>|(${LEVEL_WORDS})(?=\\s*[:|\\-–]\\s|\\s*\\]|\\s+\\[))[:|]?\\s*`,
  'i',
);
const upper = new RegExp(`^(${LEVEL_WORDS.toUpperCase()})(?=[\\s:])[:]?\\s*`);

/** Takes a severity word off the start of a line's text: `ERROR - x`, `[warn] x`, `info: x`, `WARN  x`. */
export function takeLevel(text: string): { level: string; rest: string } | undefined {
  const match = upper.exec(text) ?? leading.exec(text);
  if (match === null) return undefined;
  const level = match[1] ?? match[2] ?? match[3];
  if (level === undefined) return undefined;
  const rest = text.slice(match[0].length).replace(/^[-–|:]\s+/, '');
  return { level: level.toLowerCase(), rest };
}

/** A severity behind stamps, ids and hosts of forms that are not known: nothing in front of it is a word of prose. */
const BEHIND_NAMES =
  /^(?:(?:[^a-z\s]{1,80}|\[[^\]\s]{1,80}\])\s+){1,10}?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)(?=[\s:])[:]?\s*/;
const LOOKED_AT = 300;

/** Takes a severity off with all that stands in front of it, where that is stamps, ids and hosts of unknown forms: `081109 203615 148 WARN x`. */
export function takeLevelBehindNames(text: string): { level: string; rest: string } | undefined {
  const match = BEHIND_NAMES.exec(text.slice(0, LOOKED_AT));
  const rest = match === null ? '' : text.slice(match[0].length).trim();
  return match?.[1] === undefined || rest === '' ? undefined : { level: match[1].toLowerCase(), rest };
}

/**
 * The text without a severity that the record tells by itself: `{"level":"error","msg":"ERROR no stock"}`. A stamp goes with it, none goes
 * alone; `Error:` is the name of an error.
 */
export function withoutRepeatedLevel(text: string, level: string | number, reference: number): string {
  if (!MAY_REPEAT.test(text)) return text;
  const stamp = stampAt(text, reference);
  const body = stamp === undefined ? text : text.slice(stamp.length).replace(/^\s*[|,:-]?\s+/, '');
  const taken = takeLevel(body);
  return taken === undefined || taken.rest === '' || severityOf(taken.level) !== severityOf(level) ? text : taken.rest;
}

/** A stamp, a bracket, a word of capitals or one of small letters with a colon. */
const MAY_REPEAT = /^(?:[\d[(<]|[A-Z]{3}|[a-z]{3,11}:)/;

export function isLevelWord(word: string): boolean {
  return new RegExp(`^(?:${LEVEL_WORDS})$`, 'i').test(word);
}
