import type { RecordedCall } from '@selfheal/contracts';

const MAX_DEPTH = 8;
const MAX_NODES = 5_000;

/** The objects that production calls carried: what fields real data has. */
export interface LoggedData {
  /** How many calls carried any data. */
  readonly calls: number;
  /** Fields seen anywhere, with the number of calls that had them. */
  readonly fields: ReadonlyMap<string, number>;
}

/** All fields of the inputs (and request bodies, parameters and queries) of calls. */
export function fieldsOf(calls: readonly RecordedCall[]): LoggedData {
  const fields = new Map<string, number>();
  let counted = 0;
  for (const call of calls) {
    const seen = new Set<string>();
    for (const value of inputsOf(call)) collect(value, seen, 0, { left: MAX_NODES });
    if (seen.size === 0) continue;
    counted += 1;
    for (const field of seen) fields.set(field, (fields.get(field) ?? 0) + 1);
  }
  return { calls: counted, fields };
}

/** What went into a call, most specific first. */
export function inputsOf(call: RecordedCall): unknown[] {
  const { request } = call;
  return [call.input, request?.body, request?.params, request?.query].filter((value) => value !== undefined && value !== null);
}

function collect(value: unknown, seen: Set<string>, depth: number, budget: { left: number }): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || budget.left-- <= 0) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, seen, depth + 1, budget);
    return;
  }
  for (const [field, inner] of Object.entries(value)) {
    seen.add(field);
    collect(inner, seen, depth + 1, budget);
  }
}

/** The value at a path of fields below any object of a call's input: `['customer', 'age']` also finds `body.customer.age`. */
export function valueAt(call: RecordedCall, path: readonly string[]): unknown {
  for (const input of inputsOf(call)) {
    const found = findPath(input, path, 0, { left: MAX_NODES });
    if (found !== undefined) return found;
  }
  return undefined;
}

function findPath(value: unknown, path: readonly string[], depth: number, budget: { left: number }): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || budget.left-- <= 0) return undefined;
  const direct = walk(value, path);
  if (direct !== undefined) return direct;
  for (const inner of Object.values(value)) {
    const found = findPath(inner, path, depth + 1, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

function walk(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const field of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, field)) return undefined;
    at = Reflect.get(at, field);
  }
  return at;
}
