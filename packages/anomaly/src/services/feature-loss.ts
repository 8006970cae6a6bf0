import type { OperationCount } from './operation-count.ts';

export type FeatureSource = 'log' | 'span' | 'call';

/** Share (0..1) of the features of each source that were not collected, though they happened. */
export type FeatureLoss = Readonly<Record<FeatureSource, number>>;

/** A feature below this share of the baseline's calls does not tell what should be there. */
const USUAL = 0.5;
/** With fewer services what all of them miss cannot be told from what one of them misses. */
const SERVICES = 3;

/**
 * How much less of what is usual is there, at the median of all that is usual. A fault changes part of what some services do; what is missing evenly was
 * lost on the way (sampling, full buffers, a collector that is down), and tells nothing about any of them.
 */
export function featureLoss(base: ReadonlyMap<string, OperationCount>, seen: ReadonlyMap<string, OperationCount>): FeatureLoss {
  return { log: lossOf('log', base, seen), span: lossOf('span', base, seen), call: lossOf('call', base, seen) };
}

export function sourceOf(feature: string): FeatureSource {
  if (feature.startsWith('log ')) return 'log';
  return feature.startsWith('call ') ? 'call' : 'span';
}

function lossOf(source: FeatureSource, base: ReadonlyMap<string, OperationCount>, seen: ReadonlyMap<string, OperationCount>): number {
  const usual = new Map<string, { expected: number; seen: number }>();
  const services = new Set<string>();
  for (const [key, now] of seen) {
    const before = base.get(key);
    if (before === undefined) continue;
    for (const [feature, { count }] of before.features) {
      const share = count / before.invocations.length;
      if (share < USUAL || sourceOf(feature) !== source) continue;
      services.add(now.service);
      const place = `${now.service}\n${feature}`;
      const sums = usual.get(place) ?? { expected: 0, seen: 0 };
      usual.set(place, sums);
      sums.expected += share * now.invocations.length;
      sums.seen += Math.min(now.features.get(feature)?.count ?? 0, share * now.invocations.length);
    }
  }
  if (services.size < SERVICES) return 0;
  const ratios = [...usual.values()].map((sums) => sums.seen / sums.expected).sort((a, b) => a - b);
  return 1 - (ratios[Math.floor(ratios.length / 2)] ?? 1);
}
