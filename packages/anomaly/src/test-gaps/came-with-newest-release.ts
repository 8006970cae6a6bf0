import type { CodeOperation, TelemetrySnapshot } from '@selfheal/contracts';
import { newestRelease } from '../releases/live-releases.ts';

/**
 * Whether a function came (or changed for the most part) with the newest live release: by the commits that the release brought;
 * where its name means nothing to git, by time, after the release before went live.
 */
export function cameWithNewestRelease({ changedIn, changedAt }: CodeOperation, snapshot: TelemetrySnapshot): boolean {
  const newest = newestRelease(snapshot);
  if (newest === undefined) return false;
  if (newest.brought !== undefined) return changedIn !== undefined && newest.brought.includes(changedIn);
  const before = snapshot.releases
    .filter(({ name, firstSeen }) => name !== '' && name !== newest.name && firstSeen < newest.firstSeen)
    .at(-1);
  return before !== undefined && changedAt !== undefined && changedAt > before.firstSeen && changedAt <= newest.firstSeen;
}
