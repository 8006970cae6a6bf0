import type { CodebaseInfo, CommitInfo } from '@selfheal/contracts';
import type { ScorePart } from './finding.ts';

/**
 * How likely the change that last touched a function is to blame: surely more when it came with the release in which the anomaly
 * is new, else by how recent it is.
 */
export function scoreChange(
  codebase: CodebaseInfo,
  functionId: string | undefined,
  release: string | undefined,
): ScorePart & { commit?: string } {
  const changedIn = codebase.functions.find((one) => one.id === functionId)?.changedIn;
  return { part: 'change', ...judge(codebase.history, changedIn, release) };
}

function judge(
  history: readonly CommitInfo[],
  changedIn: string | undefined,
  release: string | undefined,
): { value: number; why: string; commit?: string } {
  const position = history.findIndex((commit) => commit.sha === changedIn);
  const commit = history[position];
  if (commit === undefined) return { value: 0.4, why: 'not changed in the history read' };
  const said = `last changed by ${commit.sha.slice(0, 8)} "${commit.subject.slice(0, 80)}"`;
  const released = release === undefined ? undefined : commitsOfRelease(history, release);
  if (released?.has(commit.sha)) return { value: 1, why: `${said}, new in release ${release}`, commit: commit.sha };
  if (released !== undefined) return { value: 0.3, why: `${said}, before release ${release}` };
  if (position < 5) return { value: 0.8, why: said, commit: commit.sha };
  return position < 20 ? { value: 0.6, why: said, commit: commit.sha } : { value: 0.4, why: said };
}

/** The commits that came with a release: from the commit it names back to the tag before it. Undefined where git knows no such release. */
export function commitsOfRelease(history: readonly CommitInfo[], release: string): Set<string> | undefined {
  const start = history.findIndex((commit) => isRelease(commit, release));
  if (start < 0) return undefined;
  const end = history.findIndex((commit, position) => position > start && commit.tags.length > 0);
  return new Set(history.slice(start, end < 0 ? undefined : end).map((commit) => commit.sha));
}

function isRelease(commit: CommitInfo, release: string): boolean {
  const plain = release.replace(/^v/, '');
  if (commit.tags.some((tag) => tag === release || tag.replace(/^.*@|^v/, '') === plain)) return true;
  return /^[0-9a-f]{7,40}$/.test(release) && commit.sha.startsWith(release);
}
