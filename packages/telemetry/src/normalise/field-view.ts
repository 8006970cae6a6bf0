import type { Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { type FieldName, type FieldNames, type FieldShape, fieldNames, presentNames, shapeOf } from './field-names.ts';

type Fields = Record<string, Json>;

/** Objects in which loggers keep what belongs to the line; their fields are found as if they stood on top. */
const HOLDERS = fieldNames('context', 'meta', 'metadata', 'extra', 'data', 'attributes', 'labels', 'fields', 'Properties', 'mdc');

/** Looks fields up by any of their spellings: `a.b` is found as one key or nested. */
export class FieldView {
  readonly #fields: Fields;
  readonly #shape: FieldShape;
  /** Most records have none of the holders. */
  readonly #held: readonly { readonly fields: Fields; readonly shape: FieldShape }[];

  constructor(fields: Fields) {
    this.#fields = fields;
    this.#shape = shapeOf(fields);
    this.#held = heldIn(fields, presentNames(this.#shape, HOLDERS));
  }

  value(names: FieldNames): Json | undefined {
    const found = valueIn(this.#fields, presentNames(this.#shape, names));
    if (found !== undefined || this.#held === NONE) return found;
    for (const { fields, shape } of this.#held) {
      const held = valueIn(fields, presentNames(shape, names));
      if (held !== undefined) return held;
    }
    return undefined;
  }

  text(names: FieldNames): string | undefined {
    const found = this.value(names);
    return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : undefined;
  }

  /** A non-empty string; numbers do not count. */
  name(names: FieldNames): string | undefined {
    const found = this.value(names);
    return typeof found === 'string' && found.length <= 200 ? found : undefined;
  }

  object(names: FieldNames): Fields | undefined {
    const found = objectIn(this.#fields, presentNames(this.#shape, names));
    if (found !== undefined || this.#held === NONE) return found;
    for (const { fields, shape } of this.#held) {
      const held = objectIn(fields, presentNames(shape, names));
      if (held !== undefined) return held;
    }
    return undefined;
  }
}

const NONE: readonly never[] = [];

function heldIn(fields: Fields, holders: readonly FieldName[]): readonly { fields: Fields; shape: FieldShape }[] {
  if (holders.length === 0) return NONE;
  const found = holders.flatMap(({ whole }) => {
    const held = fields[whole];
    return isObject(held) ? [{ fields: held, shape: shapeOf(held) }] : [];
  });
  return found.length === 0 ? NONE : found;
}

/** Counted loops: these run dozens of times a record, mostly over nothing. */
function valueIn(fields: Fields, names: readonly FieldName[]): Json | undefined {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    const found = name === undefined ? undefined : lookUp(fields, name);
    if (found !== undefined && found !== null && found !== '') return found;
  }
  return undefined;
}

function objectIn(fields: Fields, names: readonly FieldName[]): Fields | undefined {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    const found = name === undefined ? undefined : lookUp(fields, name);
    if (isObject(found)) return found;
  }
  return undefined;
}

/** A name without a path is a key of the object, as its shape says. */
function lookUp(scope: Fields, { whole, path }: FieldName): Json | undefined {
  if (path === undefined) return scope[whole];
  let value: Json | undefined = scope;
  for (const part of path) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
