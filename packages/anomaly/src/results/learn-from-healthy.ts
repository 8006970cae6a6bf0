import type { Anomaly, LearnedModel, OperationStats, TelemetrySnapshot } from '@selfheal/contracts';
import { completedOf, runsOf } from '../behavioral/runs.ts';
import { type OperationPool, poolOperations } from '../operations/operation-pool.ts';
import { medianOf } from '../performance/slowdown.ts';
import { pickCurrent } from '../releases/live-releases.ts';
import { baselineModel, flowModel } from './learned-models.ts';

const MIN_CALLS = 30;
const MIN_RUNS = 20;
const MAX_SAMPLES = 256;
const MAX_VARIANTS = 20;
/** A baseline of the same release is renewed after this time. */
const RENEW_MS = 600_000;
/** A slower normal never replaces a faster one by more than this: else a slow decay would never be seen. */
const DRIFT = 1.25;

/** Expectations for later windows, from the operations and flows that no anomaly concerns. */
export function learnFromHealthy(snapshot: TelemetrySnapshot, anomalies: readonly Anomaly[]): LearnedModel[] {
  return [...learnBaselines(snapshot, ailingOperations(anomalies)), ...learnFlows(snapshot, ailingFlows(anomalies))];
}

function learnBaselines(snapshot: TelemetrySnapshot, ailing: ReadonlySet<string>): LearnedModel[] {
  const byOperation = Map.groupBy(poolOperations(snapshot.slices), ({ operation }) => operation);
  return [...byOperation].flatMap(([operation, pools]) => {
    const now = pickCurrent(pools, snapshot, ({ timed }) => timed >= MIN_CALLS);
    if (now === undefined || ailing.has(operation) || ailing.has(now.handler ?? '')) return [];
    const known = snapshot.baselines.find((baseline) => baseline.operation === operation);
    if (known !== undefined && !isBetter(now, known, snapshot.window.to)) return [];
    return [baselineModel(snapshot.projectId, statsOf(now), now.release, snapshot.window.to)];
  });
}

/** Baselines from what is there, good or bad: a person says that it is normal. Of the operations wanted that have enough timed calls. */
export function establishBaselines(
  { projectId, slices, releases, window }: Pick<TelemetrySnapshot, 'projectId' | 'slices' | 'releases' | 'window'>,
  isWanted: (operation: string) => boolean,
): LearnedModel[] {
  return [...Map.groupBy(poolOperations(slices), ({ operation }) => operation)].flatMap(([operation, pools]) => {
    const now = isWanted(operation) ? pickCurrent(pools, { releases, window }, ({ timed }) => timed >= MIN_CALLS) : undefined;
    return now === undefined ? [] : [baselineModel(projectId, statsOf(now), now.release, window.to)];
  });
}

function isBetter(now: OperationPool, known: TelemetrySnapshot['baselines'][number], until: number): boolean {
  if (known.release === now.release && until - known.until < RENEW_MS) return false;
  return millisecondsOf(now) <= medianOf(known.stats.samples.map(([, ms]) => ms)) * DRIFT;
}

function millisecondsOf({ samples }: OperationPool): number {
  return medianOf(samples.map(([, ms]) => ms));
}

/** The pool without lines and calls: a baseline is compared with, not cited. */
function statsOf({ operation, kind, handler, count, errors, timed, firstSeen, lastSeen, samples }: OperationPool): OperationStats {
  const kept = samples.slice(0, MAX_SAMPLES);
  const mean = kept.reduce((sum, [, ms]) => sum + ms, 0) / Math.max(1, kept.length);
  return {
    operation,
    kind,
    ...(handler === undefined ? {} : { handler }),
    count,
    errors,
    timed,
    sumMs: mean * timed,
    samples: kept.map(([hash, ms]) => [hash, ms]),
    firstSeen,
    lastSeen,
    slowest: [],
    calls: [],
  };
}

function learnFlows(snapshot: TelemetrySnapshot, ailing: ReadonlySet<string>): LearnedModel[] {
  return [...Map.groupBy(snapshot.flows, ({ flow }) => flow)].flatMap(([flow, same]) => {
    const now = pickCurrent(same, snapshot, ({ count }) => count >= MIN_RUNS);
    if (now === undefined || ailing.has(flow)) return [];
    const variants = runsOf(now, undefined)
      .map((runs) => ({ steps: [...runs.steps], runs: completedOf(runs) }))
      .filter(({ runs }) => runs > 0)
      .sort((a, b) => b.runs - a.runs)
      .slice(0, MAX_VARIANTS);
    return [flowModel(snapshot.projectId, flow, now.release, variants, snapshot.window.to)];
  });
}

function ailingOperations(anomalies: readonly Anomaly[]): Set<string> {
  return new Set(
    anomalies.flatMap(({ details }) => {
      if (details.type === 'performance') return [details.operation];
      return details.type === 'error' ? Object.keys(details.error.operations) : [];
    }),
  );
}

function ailingFlows(anomalies: readonly Anomaly[]): Set<string> {
  return new Set(anomalies.flatMap(({ details }) => (details.type === 'behavioral' ? [details.flow] : [])));
}
