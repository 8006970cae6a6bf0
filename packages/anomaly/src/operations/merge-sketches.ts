import { DDSketch } from '@datadog/sketches-js';

/**
 * Quantiles of the union of serialised DDSketches (base64 protobuf), 1 % relative accuracy; undefined where there is none.
 * Source: Masson, Rim & Lee (2019), DDSketch, VLDB 12.
 */
export function mergeSketches(serialised: readonly string[]): ((quantile: number) => number) | undefined {
  const [first, ...rest] = serialised.map((sketch) => DDSketch.fromProto(Buffer.from(sketch, 'base64')));
  if (first === undefined) return undefined;
  for (const sketch of rest) first.merge(sketch);
  return (quantile) => first.getValueAtQuantile(quantile);
}
