import type { Anomaly, Detector, TelemetrySnapshot } from '@selfheal/contracts';
import { thresholdFactor } from '../naming/threshold.ts';
import { ERRORS_BY_CAUSE, errorAnomaly, placeOfError } from './error-anomaly.ts';
import { classifyError, type ErrorClass, isServerFailure } from './error-class.ts';
import type { ErrorPool } from './error-pool.ts';
import { type Trend, trendOf } from './error-trend.ts';
import { joinLayers } from './join-layers.ts';
import { exposureFor, newestErrors } from './newest-errors.ts';

/** Confidence below which nothing is said; a dismissal raises it for its place. */
const LEAST_CONFIDENCE = 0.3;
/** What is nobody's fault in the code counts only when it surges. */
const SURGE = 5;
const SURGE_COUNT = 20;
const SURGE_ALPHA = 1e-4;
/** Without a stack: this share of an operation's calls must fail. */
const FOREIGN_SHARE = 0.05;

/**
 * Errors by cause. The application's own faults at any rate; what clients, networks and dependencies do only where it is new, is back,
 * rises or breaks requests. Ideas: grouping by normalised message and place (Glerum et al., "Debugging in the (Very) Large", 2009); rates
 * compared as two Poisson ones (Przyborowski and Wilenski 1940), by release.
 */
export const detectErrors: Detector = {
  name: ERRORS_BY_CAUSE,
  type: 'error',
  detect(snapshot) {
    return joinLayers(standingErrors(snapshot)).flatMap((pool) => judge(pool, snapshot));
  },
};

function judge(pool: ErrorPool, snapshot: TelemetrySnapshot): Anomaly[] {
  const exposure = exposureFor(pool, snapshot);
  const trend = trendOf({ release: pool.release, fingerprint: pool.stats.fingerprint }, exposure, snapshot.releases);
  const seen = exposure.of(({ release }) => release === pool.release);
  const share = Object.keys(pool.stats.operations).length === 0 ? undefined : Math.min(1, pool.stats.count / Math.max(1, seen.calls));
  const kind = classifyError(pool.stats);
  if (!counts(kind, pool, trend, share)) return [];
  const anomaly = errorAnomaly(snapshot, { pool, kind, trend, share });
  const required = LEAST_CONFIDENCE * thresholdFactor(snapshot, ERRORS_BY_CAUSE, placeOfError(pool.stats));
  return anomaly.confidence >= required ? [anomaly] : [];
}

function counts(kind: ErrorClass, { stats }: ErrorPool, trend: Trend, share: number | undefined): boolean {
  const surges = stats.count >= SURGE_COUNT && trend.pValue < SURGE_ALPHA && isRising(trend) && (trend.ratio ?? SURGE) >= SURGE;
  if (kind === 'fault' || surges) return true;
  if (kind === 'handled') return false;
  if (kind === 'environment') return isServerFailure(stats) && isRising(trend);
  return isRising(trend) || isServerFailure(stats) || (share ?? 0) >= FOREIGN_SHARE;
}

function isRising({ trend }: Trend): boolean {
  return trend === 'new' || trend === 'rising' || trend === 'regressed';
}

/** What was mended is left out. */
function standingErrors(snapshot: TelemetrySnapshot): ErrorPool[] {
  return newestErrors(snapshot).flatMap(({ pool, mendedIn }) => (mendedIn === undefined ? [pool] : []));
}
