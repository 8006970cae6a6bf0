import type { Json } from '@selfheal/contracts';
import { isObject } from './json-line.ts';

/** OTLP's `AnyValue` in JSON (`{ stringValue }`, `{ intValue: "12" }`, ...) as plain JSON. Depth is bounded: the input is foreign. */
export function anyValue(value: Json | undefined, depth = 0): Json {
  if (!isObject(value) || depth > 8) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (typeof value.doubleValue === 'number') return value.doubleValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (isObject(value.arrayValue)) return list(value.arrayValue.values).map((item) => anyValue(item, depth + 1));
  if (isObject(value.kvlistValue)) return attributes(value.kvlistValue.values, depth + 1);
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  return null;
}

/** A list of `{ key, value }` as one object, keys as they stand (`http.request.method`). */
export function attributes(pairs: Json | undefined, depth = 0): Record<string, Json> {
  const result: Record<string, Json> = {};
  addAttributes(pairs, result, depth);
  return result;
}

/** Adds a list of `{ key, value }` to an object; later ones of a key replace earlier ones. `__proto__`, which would be no field, is left out. */
export function addAttributes(pairs: Json | undefined, into: Record<string, Json>, depth = 0): void {
  for (const pair of list(pairs)) {
    if (isObject(pair) && typeof pair.key === 'string' && pair.key !== '__proto__') into[pair.key] = anyValue(pair.value, depth);
  }
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function objects(value: Json | undefined): Record<string, Json>[] {
  return list(value).filter(isObject);
}
