import type { Anomaly, ErrorStats, Level, Place, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { count, percent, probability, releaseName } from '../naming/words.ts';
import { errorRatePlot } from '../plots/rate-plot.ts';
import { spanOf } from '../releases/live-releases.ts';
import { type ErrorClass, inAppFrame, isProgramming, isServerFailure } from './error-class.ts';
import type { ErrorPool } from './error-pool.ts';
import type { Trend } from './error-trend.ts';

export const ERRORS_BY_CAUSE = 'errors-by-cause';

export interface JudgedError {
  readonly pool: ErrorPool;
  readonly kind: ErrorClass;
  readonly trend: Trend;
  /** Share of its operations' calls; undefined where none is known. */
  readonly share: number | undefined;
}

const MINUTE = 60_000;
const LEAST_SPAN_MS = 1000;
const MAX_TITLE = 160;

/** Puts an error that counts into words and figures. */
export function errorAnomaly(snapshot: TelemetrySnapshot, judged: JudgedError): Anomaly {
  const { pool, trend, share } = judged;
  const { stats } = pool;
  const fingerprint = fingerprintOf('error', stats.fingerprint);
  const ratePerMinute = rateOf(pool, snapshot);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: 'error',
    detector: ERRORS_BY_CAUSE,
    fingerprint,
    title: titleOf(stats),
    description: describe(judged, ratePerMinute),
    severity: severityOf(judged),
    confidence: confidenceOf(judged),
    place: placeOfError(stats),
    ...(pool.release === '' ? {} : { release: pool.release }),
    metrics: {
      count: stats.count,
      ratePerMinute,
      lastSeen: stats.lastSeen,
      ...(share === undefined ? {} : { shareOfCalls: share }),
      ...(trend.ratio === undefined ? {} : { ratio: trend.ratio }),
    },
    evidence: stats.examples.map(({ evidence }) => evidence),
    details: {
      type: 'error',
      error: stats,
      ratePerMinute,
      trend: trend.trend,
      ...(trend.newInRelease === undefined ? {} : { newInRelease: trend.newInRelease }),
      ...(share === undefined ? {} : { shareOfCalls: share }),
    },
    plot: errorRatePlot(snapshot, { fingerprint: stats.fingerprint, release: pool.release, firstSeen: stats.firstSeen }),
    finding: false,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

export function placeOfError(stats: ErrorStats): Place {
  const frame = inAppFrame(stats);
  const operation = mainOperation(stats);
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(frame === undefined ? {} : { file: frame.file, line: frame.line }),
    ...(frame?.function === undefined ? {} : { function: frame.function }),
  };
}

function mainOperation({ operations }: ErrorStats): string | undefined {
  return Object.entries(operations).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0];
}

function titleOf(stats: ErrorStats): string {
  const { function: name, file } = inAppFrame(stats) ?? {};
  const place = name ?? file ?? mainOperation(stats);
  const message = stats.examples[0]?.message ?? stats.normalisedMessage;
  return `${stats.type}: ${message.replace(/\s+/g, ' ').slice(0, MAX_TITLE)}${place === undefined ? '' : ` in ${place}`}`;
}

const KINDS: Readonly<Record<ErrorClass, string>> = {
  fault: 'thrown by the application',
  foreign: 'no frame of the application is known, so its place is a guess',
  environment: 'raised by the network or another system',
  handled: 'handled, but it surges',
};

function describe({ pool: { stats, release }, kind, trend, share }: JudgedError, ratePerMinute: number): string {
  const frame = inAppFrame(stats);
  const place = frame === undefined ? '' : ` at ${frame.file}:${frame.line}`;
  const calls = share === undefined ? '' : `, ${percent(share)} of the calls of ${Object.keys(stats.operations).join(', ')}`;
  const rate = `${count(stats.count, 'time')} (${ratePerMinute.toFixed(1)} a minute${calls}) in ${releaseName(release)}`;
  return `${stats.type}: ${stats.normalisedMessage}${place}, ${rate}. ${trendInWords(trend)}; ${KINDS[kind]}.`;
}

function trendInWords({ trend, ratio, pValue, newInRelease, goneIn }: Trend): string {
  if (goneIn !== undefined) return `It is back: ${releaseName(goneIn)} did not have it`;
  if (newInRelease !== undefined) return `New in ${releaseName(newInRelease)}`;
  if (trend === 'new') return 'New in this window';
  const change = ratio === undefined || trend === 'steady' ? '' : `, ${ratio.toFixed(1)} times the rate before (${probability(pValue)})`;
  return `The rate is ${trend}${change}`;
}

function severityOf({ pool: { stats }, kind, share = 0 }: JudgedError): Level {
  if (kind === 'handled') return 'low';
  if (stats.severity === 'fatal') return 'critical';
  if (share >= 0.5 || (isServerFailure(stats) && share >= 0.1)) return 'high';
  return kind === 'fault' || isServerFailure(stats) ? 'medium' : 'low';
}

/** A stack in the application's own code is firm; each further occurrence and a beginning with a release make it firmer. */
function confidenceOf({ pool: { stats }, kind, trend }: JudgedError): number {
  const firm = { fault: inAppFrame(stats) === undefined ? 0.55 : 0.7, foreign: 0.35, environment: 0.3, handled: 0.3 }[kind];
  const programming = isProgramming(stats) ? 0.1 : 0;
  const repeated = 0.1 * Math.min(1, Math.log10(stats.count));
  const dated = trend.trend === 'new' || trend.trend === 'regressed' ? 0.07 : trend.trend === 'rising' ? 0.05 : 0;
  const caught = stats.severity === 'warn' ? 0.15 : 0;
  return Math.min(0.97, firm + programming + repeated + dated - caught);
}

function rateOf({ stats, release }: ErrorPool, { releases, window }: TelemetrySnapshot): number {
  const seen = releases.find(({ name }) => name === release);
  const ms = Math.max(LEAST_SPAN_MS, seen === undefined ? stats.lastSeen - stats.firstSeen : spanOf(seen, window.from));
  return (stats.count * MINUTE) / ms;
}
