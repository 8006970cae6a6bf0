import type { Json } from '@selfheal/contracts';

const MAX_CHARS = 32_768;

/** A logged value, if it is small enough to be kept with its event. A part of a value would make a false test case, so it is all or nothing. */
export function bounded(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return typeof value === 'string' && value.length > MAX_CHARS ? undefined : value;
  return fits(value, MAX_CHARS) >= 0 ? value : undefined;
}

/** Characters left of the budget, about; negative once it is spent. Stops early, so that a large value costs no more than a small one. */
function fits(value: Json, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (typeof value !== 'object' || value === null) return budget - 8;
  let left = budget - 2;
  for (const [key, item] of Object.entries(value)) {
    left = fits(item, left - key.length - 3);
    if (left < 0) return left;
  }
  return left;
}
