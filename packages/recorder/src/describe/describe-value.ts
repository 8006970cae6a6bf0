import { EventEmitter } from 'node:events';
import { types } from 'node:util';

/**
 * A value as JSON. What JSON has stands as it is. Anything else is an object with `$type`: `undefined`, `number` (NaN, Infinity, -0),
 * `bigint`, `symbol`, `function`, `Date`, `RegExp`, `Map`, `Set`, `Error`, `bytes`, `instance` (of a class), `getter`, `proxy`, `circular`,
 * `text` (a string cut short) and `cut` (what was too deep or too much).
 */
export type Described = null | boolean | number | string | Described[] | { [key: string]: Described };

export interface Budget {
  /** Values, and characters of text, that may still be described. */
  nodes: number;
  characters: number;
}

const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_KEYS = 60;
const MAX_TEXT = 2_000;
/** What is worth knowing of a request or another emitter: the rest is the runtime's own, and holds raw headers. */
const EMITTER_FIELDS = ['method', 'url', 'originalUrl', 'params', 'query', 'body', 'statusCode'];

// Taken before the application runs: what it replaces later is not called.
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys, apply } = Reflect;
const { isArray } = Array;
const mapForEach = Map.prototype.forEach;
const setForEach = Set.prototype.forEach;
const getTime = Date.prototype.getTime;
const toIso = Date.prototype.toISOString;
const mapSize = getterOf<number>(Map.prototype, 'size');
const setSize = getterOf<number>(Set.prototype, 'size');
const regExpText = getterOf<string>(RegExp.prototype, 'source');
const regExpFlags = getterOf<string>(RegExp.prototype, 'flags');

/** Describes a value without running any code of the application: no getter, no trap of a proxy, no toJSON. Never fails. */
export function describeValue(value: unknown, budget: Budget, depth = 0, above: readonly object[] = []): Described {
  budget.nodes -= 1;
  switch (typeof value) {
    case 'string':
      return describeText(value, budget);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : tagged('number', { value: Object.is(value, -0) ? '-0' : String(value) });
    case 'boolean':
      return value;
    case 'undefined':
      return tagged('undefined');
    case 'bigint':
      return tagged('bigint', { value: value.toString() });
    case 'symbol':
      return tagged('symbol');
    case 'function':
      return tagged('function', { name: types.isProxy(value) ? '' : nameOf(value) });
    case 'object':
      return value === null ? null : describeObject(value, budget, depth, above);
  }
}

function describeObject(value: object, budget: Budget, depth: number, above: readonly object[]): Described {
  if (types.isProxy(value)) return tagged('proxy');
  if (above.includes(value)) return tagged('circular');
  const leaf = describeLeaf(value);
  if (leaf !== undefined) return leaf;
  if (depth >= MAX_DEPTH || budget.nodes <= 0 || budget.characters <= 0) return tagged('cut');
  const inner = (item: unknown): Described => describeValue(item, budget, depth + 1, [...above, value]);
  if (isArray(value)) return describeArray(value, budget, inner);
  if (types.isMap(value)) return describeMap(value, inner);
  if (types.isSet(value)) return describeSet(value, inner);
  if (types.isNativeError(value)) return describeError(value, budget, inner);
  const name = classNameOf(value);
  if (isEmitter(value)) return tagged('instance', { class: name ?? '', fields: describeFields(value, EMITTER_FIELDS, budget, inner) });
  const fields = describeFields(value, ownKeys(value), budget, inner);
  if (name !== undefined) return tagged('instance', { class: name, fields });
  return Object.hasOwn(fields, '$type') ? tagged('object', { fields }) : fields;
}

/** Objects that hold no others. */
function describeLeaf(value: object): Described | undefined {
  if (types.isDate(value))
    return tagged('Date', { value: Number.isNaN(apply(getTime, value, [])) ? 'Invalid Date' : apply(toIso, value, []) });
  if (types.isRegExp(value)) return tagged('RegExp', { source: apply(regExpText, value, []), flags: apply(regExpFlags, value, []) });
  // Bytes are not shown: redaction could not read them.
  if (ArrayBuffer.isView(value)) return tagged('bytes', { class: classNameOf(value) ?? '', length: value.byteLength });
  if (types.isAnyArrayBuffer(value)) return tagged('bytes', { class: 'ArrayBuffer', length: value.byteLength });
  if (types.isPromise(value)) return tagged('instance', { class: 'Promise', fields: {} });
  if (types.isWeakMap(value) || types.isWeakSet(value)) return tagged('instance', { class: 'WeakMap', fields: {} });
  return undefined;
}

function describeArray(value: readonly unknown[], budget: Budget, inner: (item: unknown) => Described): Described {
  const shown = Math.min(value.length, MAX_ITEMS);
  const items: Described[] = [];
  for (let index = 0; index < shown && budget.nodes > 0; index += 1) items.push(describeProperty(value, String(index), inner));
  if (value.length > items.length) items.push(tagged('cut', { left: value.length - items.length }));
  return items;
}

function describeFields(value: object, keys: readonly (string | symbol)[], budget: Budget, inner: (item: unknown) => Described) {
  const fields = bare();
  let left = 0;
  let shown = 0;
  for (const key of keys) {
    if (typeof key !== 'string') continue;
    const descriptor = getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined) continue;
    if (shown >= MAX_KEYS || budget.nodes <= 0) left += 1;
    else {
      budget.characters -= key.length;
      fields[key] = describeProperty(value, key, inner);
      shown += 1;
    }
  }
  if (left > 0) fields['…'] = tagged('cut', { left });
  return fields;
}

function describeProperty(holder: object, key: string, inner: (item: unknown) => Described): Described {
  const descriptor = getOwnPropertyDescriptor(holder, key);
  if (descriptor === undefined) return tagged('undefined'); // a hole of an array
  return descriptor.get === undefined && descriptor.set === undefined ? inner(descriptor.value) : tagged('getter');
}

/** Keys that are texts stand as names of fields, so that redaction sees which value belongs to `password`. */
function describeMap(value: ReadonlyMap<unknown, unknown>, inner: (item: unknown) => Described): Described {
  const pairs: [unknown, unknown][] = [];
  apply(mapForEach, value, [
    (item: unknown, key: unknown) => {
      if (pairs.length < MAX_ITEMS) pairs.push([key, item]);
    },
  ]);
  const rest = leftOf(value, pairs.length);
  if (pairs.some(([key]) => typeof key !== 'string'))
    return tagged('Map', { entries: pairs.map(([key, item]) => [inner(key), inner(item)]), ...rest });
  const fields = bare();
  for (const [key, item] of pairs) fields[String(key)] = inner(item);
  return tagged('Map', { fields, ...rest });
}

function describeSet(value: ReadonlySet<unknown>, inner: (item: unknown) => Described): Described {
  const values: Described[] = [];
  apply(setForEach, value, [
    (item: unknown) => {
      if (values.length < MAX_ITEMS) values.push(inner(item));
    },
  ]);
  return tagged('Set', { values, ...leftOf(value, values.length) });
}

function leftOf(value: object, shown: number): { left?: number } {
  const size: number = apply(types.isMap(value) ? mapSize : setSize, value, []);
  return size > shown ? { left: size - shown } : {};
}

function describeError(value: Error, budget: Budget, inner: (item: unknown) => Described): Described {
  const keys = ownKeys(value).filter((key) => key !== 'stack');
  return tagged('Error', { class: classNameOf(value) ?? 'Error', fields: describeFields(value, keys, budget, inner) });
}

function describeText(value: string, budget: Budget): Described {
  const room = Math.min(MAX_TEXT, Math.max(0, budget.characters));
  budget.characters -= Math.min(value.length, room);
  return value.length <= room ? value : tagged('text', { start: value.slice(0, room), length: value.length });
}

/** The class of an object as its prototype names it; undefined for plain objects. */
export function classNameOf(value: object): string | undefined {
  const prototype = getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || types.isProxy(prototype)) return undefined;
  const maker: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' && !types.isProxy(maker) ? nameOf(maker) : '';
}

function nameOf(fn: object): string {
  const name: unknown = getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name.slice(0, 200) : '';
}

function isEmitter(value: object): boolean {
  for (let at = getPrototypeOf(value); at !== null && !types.isProxy(at); at = getPrototypeOf(at))
    if (at === EventEmitter.prototype) return true;
  return false;
}

function tagged(type: string, more: Record<string, Described> = {}): Described {
  return Object.assign(bare(), { $type: type, ...more });
}

/** Without a prototype: `__proto__` is a field like any other, and no inherited toJSON is called. */
function bare(): Record<string, Described> {
  return Object.create(null);
}

function getterOf<T>(prototype: object, key: string): () => T {
  const getter = getOwnPropertyDescriptor(prototype, key)?.get;
  if (getter === undefined) throw new TypeError(`this runtime has no getter for ${key}`);
  return getter;
}
