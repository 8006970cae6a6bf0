import type { ErrorDetails } from '@selfheal/contracts';
import { inAppFrame } from './error-class.ts';
import { trendOf } from './error-trend.ts';
import { type ErrorsSeen, exposureFor, newestErrors } from './newest-errors.ts';

/** How an error stands: the trend of its rate, or `resolved`. */
export interface ErrorState {
  readonly fingerprint: string;
  readonly type: string;
  readonly message: string;
  /** `src/price.ts:12`; undefined where no frame of the application is known. */
  readonly place: string | undefined;
  readonly state: ErrorDetails['trend'] | 'resolved';
  /** In the newest release that has it. */
  readonly count: number;
  readonly release: string;
  /** Of all releases that are looked at. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Rate per call now against before. */
  readonly ratio?: number;
  /** Release that did not have it: the one that resolved it, or the one before it came back. */
  readonly without?: string;
  readonly operations: readonly string[];
}

const ORDER = ['regressed', 'new', 'rising', 'steady', 'falling', 'resolved'];
/** Within one release: so many would have come since the last one, with a chance of 0.7 % that none does. */
const WOULD_HAVE_COME = 5;

/** All errors of a stretch of telemetry with their states, what is getting worse first. */
export function errorStates(seen: ErrorsSeen): ErrorState[] {
  return newestErrors(seen)
    .map(({ pool: { stats, release }, mendedIn }): ErrorState => {
      const exposure = exposureFor({ stats, release, times: [] }, seen);
      const own = seen.slices.flatMap(({ errors }) => errors.filter(({ fingerprint }) => fingerprint === stats.fingerprint));
      const trend = trendOf({ release, fingerprint: stats.fingerprint }, exposure, seen.releases);
      const before = exposure.of((slice) => slice.release === release && slice.bucketStart <= stats.lastSeen);
      const since = exposure.of((slice) => slice.release === release && slice.bucketStart > stats.lastSeen);
      const isSilent = (since.calls * before.errors) / Math.max(1, before.calls) >= WOULD_HAVE_COME;
      const without = mendedIn ?? trend.goneIn;
      const frame = inAppFrame(stats);
      return {
        fingerprint: stats.fingerprint,
        type: stats.type,
        message: stats.normalisedMessage,
        place: frame === undefined ? undefined : `${frame.file}:${frame.line}`,
        state: mendedIn !== undefined || isSilent ? 'resolved' : trend.trend,
        count: stats.count,
        release,
        firstSeen: Math.min(...own.map(({ firstSeen }) => firstSeen)),
        lastSeen: Math.max(...own.map(({ lastSeen }) => lastSeen)),
        ...(trend.ratio === undefined ? {} : { ratio: trend.ratio }),
        ...(without === undefined ? {} : { without }),
        operations: Object.keys(stats.operations),
      };
    })
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.count - a.count || a.fingerprint.localeCompare(b.fingerprint));
}
