import type { Json } from '@selfheal/contracts';

type Fields = Record<string, Json>;

/** The spellings of one fact, in order of preference; `a.b` is found as one key or nested. Made once, at the top of a module. */
export interface FieldNames {
  readonly id: number;
  readonly names: readonly FieldName[];
}

export interface FieldName {
  readonly whole: string;
  /** The parts of a dotted name. Of a name that is present, only where no key has the whole of it. */
  readonly path: readonly string[] | undefined;
}

/** The keys of an object, in their order: records of one logger share few of them. */
export interface FieldShape {
  readonly next: Map<string, FieldShape>;
  readonly keys: readonly string[];
  /** By the id of field names: those of them that can be found in an object of this shape. */
  readonly present: (readonly FieldName[] | undefined)[];
}

const MAX_SHAPES = 5_000;
/** An object with more keys is no record of a logger; its shape is not kept. */
const MAX_KEYS = 64;
let made = 0;
let shapes = 0;
let root = emptyShape();
/** A record's shape is asked for by several readers in turn. */
let last: { readonly fields: Fields; readonly shape: FieldShape } = { fields: {}, shape: root };

export function fieldNames(...names: readonly string[]): FieldNames {
  made += 1;
  return { id: made - 1, names: names.map((whole) => ({ whole, path: whole.includes('.') ? whole.split('.') : undefined })) };
}

/** Found by walking the keys; forgotten beyond 5,000 shapes, as a log with values for keys would make without end. */
export function shapeOf(fields: Fields): FieldShape {
  if (last.fields !== fields) last = { fields, shape: walked(fields) };
  return last.shape;
}

function walked(fields: Fields): FieldShape {
  if (shapes > MAX_SHAPES) {
    root = emptyShape();
    shapes = 0;
  }
  if (hasKeys(fields, last.shape.keys)) return last.shape;
  const keys = Object.keys(fields);
  if (keys.length > MAX_KEYS) return { ...emptyShape(), keys };
  let shape = root;
  for (const key of keys) shape = shape.next.get(key) ?? grow(shape, key);
  return shape;
}

/** Whether these are the keys, in this order: records often have those of the one before. Makes no list of them. */
function hasKeys(fields: Fields, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in fields) {
    if (key !== keys[index]) return false;
    index += 1;
  }
  return index === keys.length;
}

/** Which of the names an object of the shape may hold: most records hold one or none of the dozens of spellings. */
export function presentNames(shape: FieldShape, names: FieldNames): readonly FieldName[] {
  return shape.present[names.id] ?? lookedUp(shape, names);
}

/** Apart, as a function with a closure takes memory at each call, and this one is called dozens of times a record. */
function lookedUp(shape: FieldShape, { id, names }: FieldNames): readonly FieldName[] {
  const found = names.flatMap((name) => {
    if (shape.keys.includes(name.whole)) return [{ whole: name.whole, path: undefined }];
    return shape.keys.includes(name.path?.[0] ?? name.whole) ? [name] : [];
  });
  shape.present[id] = found;
  return found;
}

function grow(shape: FieldShape, key: string): FieldShape {
  shapes += 1;
  const grown: FieldShape = { next: new Map(), keys: [...shape.keys, key], present: [] };
  shape.next.set(key, grown);
  return grown;
}

function emptyShape(): FieldShape {
  return { next: new Map(), keys: [], present: [] };
}
