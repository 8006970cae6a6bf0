import { broughtCommits } from '@selfheal/anomaly';
import type { CodebaseInfo, ReleaseMark, TelemetrySlice, TelemetrySnapshot } from '@selfheal/contracts';

type Releases = TelemetrySnapshot['releases'];

/** The releases of a window, oldest first, dated by their first event ever, with the commits that each brought. */
export function releasesOf(
  slices: readonly TelemetrySlice[],
  marks: readonly ReleaseMark[],
  info: Pick<CodebaseInfo, 'history'>,
): Releases {
  const known = new Map(marks.map(({ name, at }) => [name, at]));
  const seen = [...Map.groupBy(slices, ({ release }) => release)].map(([name, own]) => ({
    name,
    firstSeen: Math.min(...own.map(({ from }) => from), known.get(name) ?? Number.POSITIVE_INFINITY),
    lastSeen: Math.max(...own.map(({ to }) => to)),
    events: own.reduce((sum, { events }) => sum + events, 0),
  }));
  return seen
    .sort((a, b) => a.firstSeen - b.firstSeen)
    .map((release) => {
      const brought = release.name === '' ? undefined : broughtCommits(release.name, nameBefore(release, marks, seen), info);
      return { ...release, ...(brought === undefined ? {} : { brought }) };
    });
}

/** The release that came before, in the window or earlier. */
function nameBefore({ name, firstSeen }: Releases[number], marks: readonly ReleaseMark[], seen: Releases): string | undefined {
  const all = [...seen.map((release) => ({ name: release.name, at: release.firstSeen })), ...marks];
  return all.filter((one) => one.name !== '' && one.name !== name && one.at < firstSeen).sort((a, b) => b.at - a.at)[0]?.name;
}
