import type { TelemetrySnapshot } from '@selfheal/contracts';

export type ReleaseSeen = TelemetrySnapshot['releases'][number];
export type ReleasesInWindow = Pick<TelemetrySnapshot, 'releases' | 'window'>;

/** A release counts as gone once it is silent for this many of its own mean gaps between events. */
const SILENT_GAPS = 30;
const LEAST_SILENCE_MS = 1000;

/**
 * Releases that still send at the end of the telemetry, newest first. During a rolling deploy these are several; a release that
 * was rolled back is not among them.
 */
export function liveReleases({ releases, window }: ReleasesInWindow): ReleaseSeen[] {
  const end = Math.max(...releases.map(({ lastSeen }) => lastSeen));
  return releases
    .filter((release) => end - release.lastSeen <= toleratedSilence(release, window.from))
    .sort((a, b) => b.firstSeen - a.firstSeen);
}

/** Newest release that the telemetry names and that is still live. */
export function newestRelease(seen: ReleasesInWindow): ReleaseSeen | undefined {
  return liveReleases(seen).find(({ name }) => name !== '');
}

/** Releases to which one may be compared: those that began before it. Telemetry without a release name is never set against one with. */
export function earlierReleases(releases: readonly ReleaseSeen[], name: string): ReleaseSeen[] {
  const from = releases.find((release) => release.name === name)?.firstSeen ?? Number.NEGATIVE_INFINITY;
  return releases.filter((release) => name !== '' && release.name !== '' && release.name !== name && release.firstSeen < from);
}

/**
 * Of things that exist once per release, the one to judge: the newest live release's that has enough data, else that of the
 * release seen last. A fresh release with little traffic says nothing yet, so the one before stands.
 */
export function pickCurrent<T extends { readonly release: string }>(
  items: readonly T[],
  seen: ReleasesInWindow,
  enough: (item: T) => boolean,
): T | undefined {
  const live = liveReleases(seen).map(({ name }) => name);
  const gone = [...seen.releases].sort((a, b) => b.lastSeen - a.lastSeen).map(({ name }) => name);
  for (const name of [...live, ...gone]) {
    const found = items.find((item) => item.release === name && enough(item));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Time of a release in the window (events are those of the window, its first may lie long before). */
export function spanOf({ firstSeen, lastSeen }: ReleaseSeen, windowFrom: number): number {
  return Math.max(0, lastSeen - Math.max(firstSeen, windowFrom));
}

function toleratedSilence(release: ReleaseSeen, windowFrom: number): number {
  return Math.max(LEAST_SILENCE_MS, (SILENT_GAPS * spanOf(release, windowFrom)) / Math.max(1, release.events - 1));
}
