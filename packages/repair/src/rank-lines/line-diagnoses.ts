import { barinel } from './barinel.ts';
import type { ObservedLines } from './line-spectra.ts';

/**
 * Barinel over lines: lines that ran for the same assertions cannot be told apart and are one component. By `file:line`, the likeliest
 * being 1.
 */
export function lineDiagnoses(observed: readonly ObservedLines[]): Map<string, number> {
  const assertionsOf = new Map<string, number[]>();
  for (const [index, { lines }] of observed.entries()) {
    for (const [file, ran] of lines) {
      for (const line of ran) {
        const key = `${file}:${line}`;
        const known = assertionsOf.get(key);
        if (known === undefined) assertionsOf.set(key, [index]);
        else known.push(index);
      }
    }
  }
  const components = [...Map.groupBy(assertionsOf, ([, assertions]) => assertions.join()).values()];
  const ran = observed.map(() => new Set<number>());
  for (const [component, [first]] of components.entries()) for (const assertion of first?.[1] ?? []) ran[assertion]?.add(component);
  const probabilities = barinel(
    components.length,
    observed.map(({ passed }, index) => ({ passed, ran: ran[index] ?? new Set() })),
  );
  const most = Math.max(...probabilities, Number.MIN_VALUE);
  return new Map(components.flatMap((lines, index) => lines.map(([key]): [string, number] => [key, (probabilities[index] ?? 0) / most])));
}
