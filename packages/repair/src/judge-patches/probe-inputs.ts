import { deserialize, serialize } from 'node:v8';
import type { WarmCall } from '@selfheal/contracts';
import fc from 'fast-check';

const MOST_FUNCTIONS = 3;
const MOST_RECORDED = 30;
const GENERATED = 40;
/** How far generated sizes and numbers go beyond those seen. */
const BEYOND = 3;
const MOST_DEPTH = 4;

/**
 * Calls to compare patches by: those that the tests made, and generated ones of the same shape (arbitraries inferred from the recorded
 * values). Deterministic by seed.
 */
export function probeInputs(recorded: readonly WarmCall[], seed: number): WarmCall[] {
  const byFunction = new Map<string, WarmCall[]>();
  for (const call of recorded) {
    const key = `${call.file}\0${call.name}`;
    byFunction.set(key, [...(byFunction.get(key) ?? []), call]);
  }
  return [...byFunction.values()].slice(0, MOST_FUNCTIONS).flatMap((calls) => {
    const [first] = calls;
    if (first === undefined) return [];
    const distinct = [...new Map(calls.map((call) => [call.args, call])).values()].slice(0, MOST_RECORDED);
    const lists = distinct.map(({ args }): unknown => deserialize(Buffer.from(args, 'base64'))).filter((list) => Array.isArray(list));
    const width = Math.max(0, ...lists.map((list) => list.length));
    const positions = Array.from({ length: width }, (_, at) =>
      arbitraryOf(
        lists.map((list): unknown => list[at]),
        MOST_DEPTH,
      ),
    );
    const generated = fc.sample(fc.tuple(...positions), { seed, numRuns: GENERATED });
    const made = generated.map((args): WarmCall => ({ file: first.file, name: first.name, args: serialize(args).toString('base64') }));
    return [...distinct, ...made];
  });
}

/** Values like those seen. */
function arbitraryOf(seen: readonly unknown[], depth: number): fc.Arbitrary<unknown> {
  const kinds: fc.Arbitrary<unknown>[] = [];
  const numbers = seen.filter((value) => typeof value === 'number');
  const strings = seen.filter((value) => typeof value === 'string');
  const lists = seen.filter((value): value is unknown[] => Array.isArray(value));
  const others = seen.filter((value) => typeof value !== 'number' && typeof value !== 'string' && !Array.isArray(value));
  if (numbers.length > 0) kinds.push(numberLike(numbers));
  if (strings.length > 0) kinds.push(stringLike(strings));
  if (lists.length > 0) kinds.push(depth === 0 ? fc.constantFrom(...lists) : listLike(lists, depth));
  if (others.length > 0) kinds.push(others.every((value) => typeof value === 'boolean') ? fc.boolean() : fc.constantFrom(...others));
  return kinds.length === 0 ? fc.constant(undefined) : fc.oneof(...kinds);
}

function numberLike(seen: readonly number[]): fc.Arbitrary<unknown> {
  const finite = seen.filter(Number.isFinite);
  const [min, max] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  // Below nought only where something below nought was seen: the domain is not known.
  const low = min < 0 ? Math.floor(min) - BEYOND : 0;
  const high = Math.ceil(max) + BEYOND;
  if (finite.every(Number.isInteger)) return fc.oneof(fc.integer({ min: low, max: high }), fc.constantFrom(...seen));
  return fc.oneof(
    fc.integer({ min: low * 10, max: high * 10 }).map((tenths) => tenths / 10),
    fc.constantFrom(...seen),
  );
}

function stringLike(seen: readonly string[]): fc.Arbitrary<unknown> {
  const characters = [...new Set(seen.join(''))];
  const longest = Math.max(...seen.map((text) => text.length));
  if (characters.length === 0) return fc.string({ maxLength: BEYOND });
  const words = fc.array(fc.constantFrom(...characters), { maxLength: Math.min(longest, 40) + BEYOND }).map((parts) => parts.join(''));
  const cut = fc.tuple(fc.constantFrom(...seen), fc.nat(), fc.constantFrom(...characters)).map(([text, at, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + (at % 2 === 0 ? put : '') + text.slice(place + 1);
  });
  return fc.oneof(words, cut, fc.constantFrom(...seen));
}

function listLike(seen: readonly (readonly unknown[])[], depth: number): fc.Arbitrary<unknown> {
  const elements = seen.flat();
  const longest = Math.max(...seen.map((list) => list.length));
  const element = elements.length === 0 ? fc.integer({ min: -BEYOND, max: BEYOND }) : arbitraryOf(elements, depth - 1);
  return fc.oneof(
    fc.array(element, { maxLength: Math.min(longest, 20) + BEYOND }),
    fc.constantFrom(...seen).map((list) => [...list].reverse()),
  );
}
