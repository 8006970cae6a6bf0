import { baselineOf, operationMatcher } from '@selfheal/anomaly';
import { quantileSorted } from 'simple-statistics';
import type { ReportSource } from './stored-telemetry.ts';

export interface BaselineReport {
  readonly baselines: readonly Baseline[];
  /** The ways in which flows ran while they were healthy. */
  readonly flows: readonly { readonly flow: string; readonly ways: number; readonly updatedAt: number }[];
  /** What dismissals taught: the detector asks this much more at that place. */
  readonly thresholds: readonly RaisedThreshold[];
}

export interface Baseline {
  readonly operation: string;
  /** Milliseconds, of a sample of at most 256 calls. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Timed calls that it was learned from. */
  readonly calls: number;
  readonly errorRate: number;
  readonly release: string;
  /** End of the stretch that it was learned from, epoch ms. */
  readonly until: number;
  /** Milliseconds at the median from which an operation counts as slow, were it significant. */
  readonly slowFrom: number;
}

export interface RaisedThreshold {
  readonly detector: string;
  readonly place: string;
  readonly factor: number;
  /** Why, the newest dismissal first. */
  readonly because: readonly string[];
}

/** As the detector of slow operations asks: half as long again (times what dismissals taught), and 5 ms, or three times and 2 ms. */
const SLOW = 1.5;
const LEAST_DELTA_MS = 5;
const MARKED = 3;
const LEAST_MARKED_DELTA_MS = 2;
const SLOW_OPERATIONS = 'slow-operations';

/** What is expected of operations (those whose names match; `*` stands for any characters) and how strict the detectors are. Needs no engine. */
export async function baselineReport({ project, records }: ReportSource, operation = '*'): Promise<BaselineReport> {
  const isWanted = operationMatcher(operation);
  const models = await records.list('model', { where: { projectId: project.id } });
  const changes = await records.list('modelChange', {
    where: { projectId: project.id, kind: 'threshold' },
    orderBy: { field: 'createdAt', direction: 'desc' },
  });
  const thresholds = models
    .filter(({ kind }) => kind === 'threshold')
    .map(({ id, key, value }): RaisedThreshold => {
      const bar = key.indexOf('|');
      const because = changes.filter(({ modelId, undone }) => modelId === id && !undone).map(({ why }) => why);
      return { detector: key.slice(0, bar), place: key.slice(bar + 1), factor: Number(value.factor), because };
    });
  const baselines = models.flatMap((model) => {
    const learned = baselineOf(model);
    if (learned === undefined || !isWanted(learned.operation)) return [];
    const { stats, release, until } = learned;
    const sorted = stats.samples.map(([, ms]) => ms).sort((a, b) => a - b);
    const quantile = (level: number): number => (sorted.length === 0 ? 0 : quantileSorted(sorted, level));
    const raised = thresholds.find(({ detector, place }) => detector === SLOW_OPERATIONS && place === learned.operation);
    return [
      {
        operation: learned.operation,
        p50: quantile(0.5),
        p95: quantile(0.95),
        p99: quantile(0.99),
        calls: stats.timed,
        errorRate: stats.errors / Math.max(1, stats.count),
        release,
        until,
        slowFrom: slowFrom(quantile(0.5), raised?.factor ?? 1),
      },
    ];
  });
  const flows = models
    .filter(({ kind, key }) => kind === 'flow' && isWanted(key))
    .map(({ key, value, updatedAt }) => ({ flow: key, ways: Array.isArray(value.variants) ? value.variants.length : 0, updatedAt }));
  return { baselines: baselines.sort((a, b) => a.operation.localeCompare(b.operation)), flows, thresholds };
}

function slowFrom(p50: number, factor: number): number {
  const noticeable = Math.min(p50 + LEAST_DELTA_MS, Math.max(p50 * MARKED, p50 + LEAST_MARKED_DELTA_MS));
  return Math.max(p50 * SLOW * factor, noticeable);
}
