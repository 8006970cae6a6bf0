import type { Blobs, Ref } from '@selfheal/contracts';
import { isRef } from '@selfheal/contracts';

/** Fields whose JSON is larger than this travel as references; with tens of beats a history stays far under 256 KB. */
const INLINE_BYTES = 4_096;

/** Replaces the large top-level fields of a beat's output by references (claim check pattern). */
export async function checkIn(output: unknown, blobs: Blobs): Promise<unknown> {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return checkInField(output, blobs);
  const entries = Object.entries(output).filter(([, value]) => value !== undefined);
  return Object.fromEntries(await Promise.all(entries.map(async ([key, value]) => [key, await checkInField(value, blobs)] as const)));
}

async function checkInField(value: unknown, blobs: Blobs): Promise<unknown> {
  if (typeof value !== 'object' || value === null || isRef(value)) {
    return typeof value === 'string' && value.length > INLINE_BYTES ? blobs.put(value) : value;
  }
  return JSON.stringify(value).length > INLINE_BYTES ? blobs.put(value) : value;
}

/** Replaces references, at any depth, by the values they stand for. Equal references are read once. */
export async function checkOut(input: unknown, blobs: Blobs): Promise<unknown> {
  const read = new Map<string, Promise<unknown>>();
  const resolve = (ref: Ref): Promise<unknown> => {
    const known = read.get(ref.$ref);
    if (known !== undefined) return known;
    const value = blobs.get(ref);
    read.set(ref.$ref, value);
    return value;
  };
  return walk(input, resolve);
}

async function walk(value: unknown, resolve: (ref: Ref) => Promise<unknown>): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (isRef(value)) return resolve(value);
  if (Array.isArray(value)) return Promise.all(value.map((entry) => walk(entry, resolve)));
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, entry]) => [key, await walk(entry, resolve)] as const)),
  );
}
