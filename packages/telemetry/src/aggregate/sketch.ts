import { DDSketch } from '@datadog/sketches-js';
import type { OperationStats } from '@selfheal/contracts';

/** Relative accuracy of every quantile (Masson, Rim, Lee: "DDSketch", VLDB 2019). All sketches share it, so all are mergeable. */
const ACCURACY = 0.01;

export function sketchOf(values: Iterable<number>): DDSketch {
  const sketch = new DDSketch({ relativeAccuracy: ACCURACY });
  for (const value of values) sketch.accept(value);
  return sketch;
}

export function packSketch(sketch: DDSketch): string {
  return Buffer.from(sketch.toProto()).toString('base64');
}

export function unpackSketch(packed: string): DDSketch {
  return DDSketch.fromProto(Buffer.from(packed, 'base64'));
}

export function mergeSketches(packed: readonly string[]): string | undefined {
  const [first, ...rest] = packed;
  if (first === undefined || rest.length === 0) return first;
  const merged = unpackSketch(first);
  for (const other of rest) merged.merge(unpackSketch(other));
  return packSketch(merged);
}

/** Quantiles in ms, each 0 to 1; NaN where nothing was timed. */
export function quantiles(stats: Pick<OperationStats, 'sketch'>, levels: readonly number[]): number[] {
  if (stats.sketch === undefined) return levels.map(() => Number.NaN);
  const sketch = unpackSketch(stats.sketch);
  return levels.map((level) => sketch.getValueAtQuantile(level));
}
