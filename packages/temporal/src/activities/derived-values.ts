import type { Blobs, Ref } from '@selfheal/contracts';

/** What made a value: one field of what a beat gives for an input. References stand in the input for large values. */
export interface Lineage {
  readonly handler: string;
  readonly input: unknown;
  readonly field: string;
}

/** Stored values, and those of which only the lineage is stored. */
export interface BeatValues extends Blobs {
  /** Stores how a value is made; the value itself is only kept at hand. */
  derive(lineage: Lineage, value: unknown): Promise<Ref>;
  /** Whether a value is one that a beat of this process made, and so was checked when it left that beat. */
  isMade(value: unknown): boolean;
}

const KEY = '$derived';
/** The events that are stored, and what was made of them. */
const KEPT = 2;

/**
 * Values that would cost more to store than to make again. What is stored is their lineage: the beat and its input, from which they are
 * made anew where the process that had them is gone. As the lineage of resilient distributed datasets (Zaharia et al., NSDI 2012). The
 * newest values alone are kept at hand: the beats of a run follow each other, and each reads what the ones before it made.
 */
export function derivedValues(blobs: Blobs, again: (lineage: Lineage) => Promise<unknown>): BeatValues {
  const made = new WeakSet<object>();
  const newest = new Map<string, unknown>();
  const keep = (ref: string, value: unknown): void => {
    newest.delete(ref);
    newest.set(ref, value);
    for (const oldest of newest.keys()) if (newest.size > KEPT) newest.delete(oldest);
    if (typeof value === 'object' && value !== null) made.add(value);
  };
  return {
    put: (value) => blobs.put(value),
    async get(ref) {
      if (newest.has(ref.$ref)) return newest.get(ref.$ref);
      const stored = await blobs.get(ref);
      const lineage = lineageOf(stored);
      if (lineage === undefined) return stored;
      const value = await again(lineage);
      keep(ref.$ref, value);
      return value;
    },
    async derive({ handler, input, field }, value) {
      const ref = await blobs.put({ [KEY]: { handler, input, field } });
      keep(ref.$ref, value);
      return ref;
    },
    isMade: (value) => typeof value === 'object' && value !== null && made.has(value),
  };
}

/** The lineage that is stored for a value, or undefined where the value itself is. */
export function lineageOf(stored: unknown): Lineage | undefined {
  if (!isRecord(stored) || !isRecord(stored[KEY]) || Object.keys(stored).length !== 1) return undefined;
  const { handler, input, field } = stored[KEY];
  return typeof handler === 'string' && typeof field === 'string' ? { handler, input, field } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
