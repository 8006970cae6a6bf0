import type { ServiceEvidence, ServiceMetric } from '@selfheal/contracts';
import { isoTime } from './invocation.ts';
import { quantile } from './latency-evidence.ts';

/**
 * CPU and memory of each pod against its own past. The step of the median is measured in robust deviations of the pod (median absolute deviation, never
 * under a quarter of the median nor `FLEET_SHARE` of what the busiest pod uses, so idle pods do not alarm); a Student t tail with three degrees of freedom
 * turns it into a log likelihood ratio that grows slowly, minus the logarithm of the number of series looked at.
 */
export function resourceEvidence(before: readonly ServiceMetric[], after: readonly ServiceMetric[]): ServiceEvidence[] {
  const past = bySeries(before);
  const now = bySeries(after);
  const busiest = new Map<string, number>();
  for (const { name, values } of past.values()) busiest.set(name, Math.max(busiest.get(name) ?? 0, quantile(values, 0.5)));
  const searched = Math.log(Math.max(1, now.size));
  return [...now].flatMap(([key, series]) => {
    const usual = past.get(key);
    if (usual === undefined) return [];
    const median = quantile(usual.values, 0.5);
    const spread =
      quantile(
        usual.values.map((value) => Math.abs(value - median)).sort((a, b) => a - b),
        0.5,
      ) * 1.4826;
    const scale = Math.max(spread, Math.abs(median) / 4, (busiest.get(series.name) ?? 0) * FLEET_SHARE, 1e-9);
    const value = quantile(series.values, 0.5);
    const z = (value - median) / scale;
    const weight = z <= 0 ? 0 : 2 * Math.log1p((z * z) / 3) - searched;
    if (weight <= 0) return [];
    return [
      {
        service: series.service,
        kind: series.kind,
        weight: Math.min(weight, MOST),
        what: `${series.name} of ${series.instance}`,
        expected: `${rounded(median)} (median of ${usual.values.length} samples)`,
        seen: `${rounded(value)}, ${rounded(z)} robust deviations more`,
        examples: series.samples.slice(0, 3).map((one) => `${one.name} ${rounded(one.value)} at ${isoTime(one.atMs)}`),
      },
    ];
  });
}

const FLEET_SHARE = 0.1;
const MOST = 16;

interface Series {
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  readonly kind: 'cpu' | 'memory';
  readonly samples: ServiceMetric[];
  values: number[];
}

function bySeries(metrics: readonly ServiceMetric[]): Map<string, Series> {
  const result = new Map<string, Series>();
  for (const metric of ratesOf(metrics)) {
    const kind = resourceKind(metric.name);
    if (kind === undefined) continue;
    const key = `${metric.instance}\n${metric.name}`;
    const series = result.get(key) ?? {
      service: metric.service,
      instance: metric.instance,
      name: metric.name,
      kind,
      samples: [],
      values: [],
    };
    result.set(key, series);
    series.samples.push(metric);
  }
  for (const series of result.values()) series.values = series.samples.map(({ value }) => value).sort((a, b) => a - b);
  return result;
}

/** Counters as what they grew by a second since the sample before; a counter that fell began anew. */
function ratesOf(metrics: readonly ServiceMetric[]): ServiceMetric[] {
  const counters = Map.groupBy(
    metrics.filter(({ counter }) => counter === true),
    ({ instance, name }) => `${instance}\n${name}`,
  );
  const rates = [...counters.values()].flatMap((samples) => {
    const ordered = samples.sort((a, b) => a.atMs - b.atMs);
    return ordered.flatMap((sample, index) => {
      const before = ordered[index - 1];
      if (before === undefined || sample.value < before.value || sample.atMs === before.atMs) return [];
      return [{ ...sample, value: (1_000 * (sample.value - before.value)) / (sample.atMs - before.atMs) }];
    });
  });
  return [...metrics.filter(({ counter }) => counter !== true), ...rates];
}

/** A whole node's use does not tell which of its pods is at fault. */
function resourceKind(name: string): 'cpu' | 'memory' | undefined {
  if (/node|system\.|host/i.test(name)) return undefined;
  if (/cpu/i.test(name)) return 'cpu';
  return /mem(?:ory)?|heap/i.test(name) ? 'memory' : undefined;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
