import { tryGit } from '@selfheal/repository';
import type { LineClues } from './rank-by-clues.ts';

/** The newest change counts this much more than a line of long ago; the one before it half of that, and so on. */
const NEWEST = 0.5;
const MOST_FILES = 20;
/** What git blame calls work that is not committed. */
const UNCOMMITTED = /^0+$/;

/**
 * Lines that were changed last are likelier at fault: new code brings most new failures (history spectra: Wen, Chen, Wu, Hao and Cheung,
 * "Historical spectrum based fault localization", IEEE TSE 2019). By git blame of the working folder, uncommitted work first; nothing is
 * known of a folder that is no repository, and nothing is told by a history of one commit.
 */
export async function historyClues(repo: string, files: readonly string[]): Promise<LineClues> {
  const blamed = new Map<string, Blame[]>();
  for (const file of files.slice(0, MOST_FILES)) {
    blamed.set(file, readBlame((await tryGit(repo, ['blame', '--porcelain', '--', file])) ?? ''));
  }
  const times = [...new Set([...blamed.values()].flat().map(({ time }) => time))].sort((a, b) => b - a);
  if (times.length < 2) return () => undefined;
  return (file, line) => {
    const found = blamed.get(file)?.[line - 1];
    const age = found === undefined ? -1 : times.indexOf(found.time);
    if (found === undefined || age < 0 || age > 2) return undefined;
    const what = UNCOMMITTED.test(found.commit) ? 'not committed yet' : `changed by ${found.commit.slice(0, 8)}`;
    return { factor: 1 + NEWEST / 2 ** age, why: `${what}, ${age === 0 ? 'the newest change' : `${age} before the newest change`} here` };
  };
}

interface Blame {
  readonly commit: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Lines in order, as `git blame --porcelain` tells them: what a commit is said of once stands for all its lines. */
function readBlame(text: string): Blame[] {
  const times = new Map<string, number>();
  const commits: string[] = [];
  for (const line of text.split('\n')) {
    const [, commit] = /^([0-9a-f]{40,64}) \d+ \d+/.exec(line) ?? [];
    if (commit !== undefined) commits.push(commit);
    const [, time] = /^committer-time (\d+)$/.exec(line) ?? [];
    if (time !== undefined)
      times.set(commits.at(-1) ?? '', UNCOMMITTED.test(commits.at(-1) ?? '') ? Number.POSITIVE_INFINITY : Number(time));
  }
  return commits.map((commit) => ({ commit, time: times.get(commit) ?? 0 }));
}
