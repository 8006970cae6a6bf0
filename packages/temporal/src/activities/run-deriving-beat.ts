import { type Blobs, type Ports, SelfhealError, withoutFields } from '@selfheal/contracts';
import { checkIn, checkOut } from './claim-check.ts';
import { type BeatValues, derivedValues } from './derived-values.ts';
import { type Beat, checkedBy } from './run-beat.ts';

export { lineageOf } from './derived-values.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A list of fewer values is stored like any other value. Of a larger one so many are checked: its entries all come about in the same way. */
const CHECKED_VALUES = 1_000;

/** As runBeat, for beats that follow each other in one thread: what their contracts call derived is handed on without being stored. */
export async function runDerivingBeat(beat: Beat, input: unknown, values: BeatValues, ports: Ports): Promise<unknown> {
  const output = await outputOf(beat, input, values, ports);
  const { taken, rest } = parted(
    output,
    (beat.contract?.derived ?? []).filter((field) => isLarge(asFields(output)[field])),
  );
  const stored = await checkIn(checkedOutput(beat, rest, taken), values);
  const derived = Object.entries(taken).map(async ([field, value]) => {
    return [field, await values.derive({ handler: beat.handler, input, field }, value)] as const;
  });
  return { ...asFields(stored), ...Object.fromEntries(await Promise.all(derived)) };
}

/** Values of which the derived ones are made again, where they are gone, by the beats that made them. */
export function valuesOfBeats(blobs: Blobs, beats: ReadonlyMap<string, Beat>, portsOf: (beat: Beat) => Ports): BeatValues {
  const values: BeatValues = derivedValues(blobs, async ({ handler, input, field }) => {
    const beat = beats.get(handler);
    if (beat === undefined) throw new SelfhealError('HANDLER_UNKNOWN', handler);
    return asFields(await outputOf(beat, input, values, portsOf(beat)))[field];
  });
  return values;
}

/** What was made in this thread was checked when it was made, and need not be again. */
async function outputOf(beat: Beat, input: unknown, values: BeatValues, ports: Ports): Promise<unknown> {
  const resolved = asFields(await checkOut(input, values));
  const made = Object.keys(resolved).filter((field) => values.isMade(resolved[field]));
  const { taken, rest } = parted(resolved, made);
  const { contract } = beat;
  const checkedRest = contract === undefined ? rest : checkedBy(withoutFields(contract.input, made), beat.handler, 'input', rest);
  return beat.run({ ...asFields(checkedRest), ...taken }, ports);
}

function checkedOutput(beat: Beat, rest: Fields, taken: Fields): Fields {
  if (beat.contract === undefined) return rest;
  const sample = Object.fromEntries(Object.entries(taken).map(([field, value]) => [field, firstOf(value)]));
  return parted(checkedBy(beat.contract.output, beat.handler, 'output', { ...rest, ...sample }), Object.keys(taken)).rest;
}

function isLarge(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && valuesIn(value, CHECKED_VALUES) >= CHECKED_VALUES;
}

/** The first entries of a large list. */
function firstOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  let values = 0;
  let entries = 0;
  while (entries < value.length && values < CHECKED_VALUES) {
    values += valuesIn(value[entries], CHECKED_VALUES);
    entries += 1;
  }
  return value.slice(0, entries);
}

/** How many values there are in a value, itself included; counted up to a limit. */
function valuesIn(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const part of Object.values(value)) {
    if (count >= limit) return count;
    count += valuesIn(part, limit - count);
  }
  return count;
}

function parted(value: unknown, fields: readonly string[]): { taken: Fields; rest: Fields } {
  const entries = Object.entries(asFields(value));
  return {
    taken: Object.fromEntries(entries.filter(([field]) => fields.includes(field))),
    rest: Object.fromEntries(entries.filter(([field]) => !fields.includes(field))),
  };
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
