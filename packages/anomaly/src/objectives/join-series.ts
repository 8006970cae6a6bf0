import type { ObjectiveSeries } from '@selfheal/contracts';

type Bucket = ObjectiveSeries['buckets'][number];

const MAX_EVIDENCE = 5;
/** Of a 30-day period: minutes in the newest seven hours, which the short windows need, and hours before. */
const FINE = 1 / 43_200;
const COARSE = 1 / 720;
const FINE_PART = 1 / 100;

/** One objective as seen in several reads, oldest first, its buckets merged to as fine a time axis as its burn rates need. */
export function joinSeries(parts: readonly ObjectiveSeries[], until: number): ObjectiveSeries | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const { periodMs } = first;
  const widthAt = (time: number): number => periodMs * (time > until - periodMs * FINE_PART ? FINE : COARSE);
  const cells = Map.groupBy(
    parts.flatMap(({ buckets }) => buckets),
    ({ from, to }) => {
      const width = widthAt(to);
      return `${width} ${Math.floor(from / width)}`;
    },
  );
  return {
    ...first,
    buckets: [...cells.values()].map(joinBuckets).sort((a, b) => a.from - b.from),
    evidence: parts
      .flatMap(({ evidence }) => evidence)
      .sort((a, b) => b.time - a.time)
      .slice(0, MAX_EVIDENCE),
  };
}

function joinBuckets(buckets: readonly Bucket[]): Bucket {
  return {
    from: Math.min(...buckets.map(({ from }) => from)),
    to: Math.max(...buckets.map(({ to }) => to)),
    total: buckets.reduce((sum, { total }) => sum + total, 0),
    bad: buckets.reduce((sum, { bad }) => sum + bad, 0),
  };
}
