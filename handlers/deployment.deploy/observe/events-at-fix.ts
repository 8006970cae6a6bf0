import type { Ports, TelemetryEvent } from '@selfheal/contracts';

export interface FixInProduction {
  readonly projectId: string;
  /** The commit that brought the fix. */
  readonly commit: string;
  /** When its deploy ended, epoch ms. */
  readonly deployedAt: number;
}

export interface EventsAtFix {
  /** Telemetry of releases that hold the fix. */
  readonly events: TelemetryEvent[];
  /** How that is known: the release names mean something to git, they are new, or time alone tells. */
  readonly basis: 'release' | 'new release' | 'time';
  /** Telemetry since the deploy of releases that lack the fix: a rollout under way, or a release name that deploys do not change. */
  readonly stale: TelemetryEvent[];
}

/** Lines of calls that were under way when the service was restarted come a moment later. */
const RESTART_GRACE_MS = 1_000;
/** Far more than a verdict needs; bounds what one look costs at a busy service. */
export const MOST_EVENTS = 50_000;

/**
 * What was logged at or after the fix, up to `to`. A release whose name git knows counts by whether it holds the commit. Of the others
 * those count that were first seen after the deploy; where there are none, all do from shortly after the deploy on, as do lines that name
 * no release.
 */
export async function eventsAtFix(
  { lake, records, forge }: Pick<Ports, 'lake' | 'records' | 'forge'>,
  fix: FixInProduction,
  to: number,
): Promise<EventsAtFix> {
  const { projectId, commit, deployedAt } = fix;
  const since = await lake.events({ projectId, from: deployedAt, to, limit: MOST_EVENTS });
  const byRelease = Map.groupBy(since, (event) => event.release ?? '');
  const releases = await Promise.all(
    [...byRelease].map(async ([name, events]) => ({
      name,
      events,
      contains: name === '' ? undefined : await forge.releaseContains(name, commit),
      isNew: name !== '' && ((await records.get('release', `${projectId}:${name}`))?.at ?? 0) >= deployedAt,
    })),
  );
  const fixed = releases.filter(({ contains, isNew }) => contains === true || (contains === undefined && isNew));
  const byTime = releases.filter(({ name, contains, isNew }) => contains === undefined && !isNew && (fixed.length === 0 || name === ''));
  const settled = byTime.flatMap(({ events }) => events).filter(({ time }) => time >= deployedAt + RESTART_GRACE_MS);
  return {
    events: [...fixed.flatMap(({ events }) => events), ...settled].sort((a, b) => a.time - b.time),
    basis: fixed.some(({ contains }) => contains === true) ? 'release' : fixed.length > 0 ? 'new release' : 'time',
    stale: releases.filter(({ contains }) => contains === false).flatMap(({ events }) => events),
  };
}
