import type { CodebaseInfo, CommitInfo } from '@selfheal/contracts';

/**
 * Commits that a release has and the one before it has not, by a linear history, newest first. Releases may be named by commit
 * (also shortened), by tag or by version (`1.5.0` for the tag `v1.5.0`). Without a release before, the tag before counts.
 * Undefined where a name means nothing to git.
 */
export function broughtCommits(
  release: string,
  before: string | undefined,
  { history }: Pick<CodebaseInfo, 'history'>,
): string[] | undefined {
  const at = positionOf(release, history);
  if (at === undefined) return undefined;
  const until = before === undefined ? previousTag(at, history) : positionOf(before, history);
  if (until === undefined || until < at) return undefined;
  return history.slice(at, until).map(({ sha }) => sha);
}

function positionOf(release: string, history: readonly CommitInfo[]): number | undefined {
  const at = history.findIndex(({ sha, tags }) => isNamed(release, sha) || tags.some((tag) => versionOf(tag) === versionOf(release)));
  return at < 0 ? undefined : at;
}

function previousTag(at: number, history: readonly CommitInfo[]): number | undefined {
  const found = history.findIndex(({ tags }, nth) => nth > at && tags.length > 0);
  return found < 0 ? undefined : found;
}

function isNamed(release: string, sha: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(release) && sha.startsWith(release.toLowerCase());
}

/** `v1.5.0`, `shop@1.5.0` and `release-1.5.0` are the version 1.5.0. */
function versionOf(name: string): string {
  return /\d+(?:\.\d+)+(?:[-+.][\w.-]+)?$/.exec(name)?.[0] ?? name;
}
