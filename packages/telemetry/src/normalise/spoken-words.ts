import { LiteralAutomaton, type LiteralHits } from '@selfheal/redaction';

/** What a text may speak of: the patterns that tell exactly are tried only then. */
export const OUTCOME = 1;
export const RELEASE = 2;
export const REQUEST = 4;

/** What each of these patterns asks for somewhere in the text. */
const WORDS: Readonly<Record<number, readonly string[]>> = {
  [OUTCOME]: [
    ...['start', 'begin', 'began', 'enter', 'fail', 'errored', 'threw', 'crashed', 'timed out'],
    ...['complete', 'finished', 'succeeded', 'done', 'ended', 'exited'],
  ],
  [RELEASE]: ['deploy', 'releas', 'roll', 'upgrad', 'running version', 'app version', 'build'],
  [REQUEST]: [' /', ' http'],
};

const subjects = Object.entries(WORDS).flatMap(([subject, words]) => words.map(() => Number(subject)));
const automaton = new LiteralAutomaton(Object.values(WORDS).flat());
const hits: LiteralHits = { count: 0, ids: [], ends: [] };

/** Of longer texts the patterns themselves look at the beginning alone. */
const MAX_SEARCHED = 400;

/**
 * The subjects that the words of a text may belong to, as bits. One pass over the text instead of one for each pattern: most texts
 * speak of none of these.
 */
export function subjectsOf(text: string): number {
  if (text.length > MAX_SEARCHED) return OUTCOME | RELEASE | (text.includes(' /') || text.includes(' http') ? REQUEST : 0);
  automaton.search(text, hits);
  let found = 0;
  for (let hit = 0; hit < hits.count; hit += 1) found |= subjects[hits.ids[hit] ?? 0] ?? 0;
  return found;
}
