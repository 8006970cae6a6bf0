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

export function isLevelWord(word: string): boolean {
  return new RegExp(`^(?:${LEVEL_WORDS})$`, 'i').test(word);
}
