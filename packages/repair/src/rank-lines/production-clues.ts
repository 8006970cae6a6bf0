import type { IssueAnalysis } from '@selfheal/contracts';
import type { LineClues } from './rank-by-clues.ts';

/** A line that every failing call of production went through counts this much more. */
const EVERY_CALL = 1;

/**
 * How often production failed through a line: the share of the recorded failing calls with a frame on it (crashes by their stacks: Wu,
 * Zhang, Cheung and Kim, "CrashLocator", ISSTA 2014, whose first factor is this frequency).
 */
export function productionClues({ failingCalls }: Pick<IssueAnalysis, 'failingCalls'>): LineClues {
  const recorded = failingCalls.filter(({ frames = [] }) => frames.length > 0);
  const counts = new Map<string, number>();
  for (const { frames = [] } of recorded) {
    for (const place of new Set(frames.map(({ file, line }) => `${file}:${line}`))) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return (file, line) => {
    const count = counts.get(`${file}:${line}`);
    if (count === undefined) return undefined;
    const share = count / recorded.length;
    return { factor: 1 + EVERY_CALL * share, why: `${count} of ${recorded.length} failing calls of production went through it` };
  };
}
