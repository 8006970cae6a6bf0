import type { LineRank } from './rank-lines.ts';

/** What speaks for a line beside what ran for the tests: a factor on its suspicion, and why. */
export interface LineClue {
  readonly factor: number;
  readonly why: string;
}

/** Something known of lines from elsewhere: undefined where it says nothing of one. */
export type LineClues = (file: string, line: number) => LineClue | undefined;

/** Ranks with what is known from elsewhere: the history of the code, or production. */
export function rankByClues(ranks: readonly LineRank[], clues: LineClues): LineRank[] {
  return ranks
    .map((rank) => {
      const clue = clues(rank.file, rank.line);
      return clue === undefined ? rank : { ...rank, score: rank.score * clue.factor, why: `${clue.why}; ${rank.why}` };
    })
    .sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line);
}
