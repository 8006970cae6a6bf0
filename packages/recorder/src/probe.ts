import { describeFrames } from './describe/describe-frames.ts';
import { describeValue } from './describe/describe-value.ts';
import type { Probed } from './messages.ts';
import { failingRequest } from './requests.ts';

/** What a pause hands to the probe: the thrown or returned value, how many scopes each frame has, and the scopes of all frames in a row. */
export type ProbeArguments = readonly [kind: 'thrown' | 'called', value: unknown, counts: readonly number[], ...scopes: object[]];

const numbers = new WeakMap<object, number>();
let last = 0;

/**
 * Called through the inspector while the application stands still, in its own thread, for only here its values can be read: one short
 * answer instead of a round trip for each value. The inspector takes it apart itself, so no toJSON of the application is called.
 */
export function probe([kind, value, counts, ...scopes]: ProbeArguments): Probed {
  let at = 0;
  const frames = counts.map((count) => {
    at += count;
    return scopes.slice(at - count, at);
  });
  const request = kind === 'thrown' ? failingRequest() : undefined;
  return {
    error: kind === 'thrown' ? numberOf(value) : 0,
    ...(request === undefined ? {} : { request }),
    frames: describeFrames(frames),
    ...(kind === 'called' ? { result: describeValue(value, { nodes: 1_500, characters: 12_000 }) } : {}),
    mapped: process.sourceMapsEnabled === true,
  };
}

/** The number of an error object; a thrown value that is none gets a new one each time. */
export function numberOf(value: unknown): number {
  const known = typeof value === 'object' && value !== null ? numbers.get(value) : undefined;
  if (known !== undefined) return known;
  last += 1;
  if (typeof value === 'object' && value !== null) numbers.set(value, last);
  return last;
}
