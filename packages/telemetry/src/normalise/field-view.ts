import type { Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { type FieldName, type FieldNames, type FieldShape, fieldNames, presentNames, shapeOf } from './field-names.ts';

type Fields = Record<string, Json>;

/** Objects in which loggers keep what belongs to the line; their fields are found as if they stood on top. */
const HOLDERS = fieldNames('context', 'meta', 'metadata', 'extra', 'data', 'attributes', 'labels', 'fields', 'Properties', 'mdc');

/** Looks fields up by any of their spellings: `a.b` is found as one key or nested. */
export class FieldView {
  readonly #scopes: readonly Fields[];
  readonly #shapes: readonly FieldShape[];

  constructor(fields: Fields) {
    const scopes = [fields];
    const shapes = [shapeOf(fields)];
    for (const { whole } of presentNames(shapes[0] ?? shapeOf(fields), HOLDERS)) {
      const held = fields[whole];
      if (!isObject(held)) continue;
      scopes.push(held);
      shapes.push(shapeOf(held));
    }
    this.#scopes = scopes;
    this.#shapes = shapes;
  }

  value(names: FieldNames): Json | undefined {
    for (let index = 0; index < this.#scopes.length; index += 1) {
      const scope = this.#scopes[index];
      const shape = this.#shapes[index];
      if (scope === undefined || shape === undefined) continue;
      for (const name of presentNames(shape, names)) {
        const found = lookUp(scope, name);
        if (found !== undefined && found !== null && found !== '') return found;
      }
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
    for (let index = 0; index < this.#scopes.length; index += 1) {
      const scope = this.#scopes[index];
      const shape = this.#shapes[index];
      if (scope === undefined || shape === undefined) continue;
      for (const name of presentNames(shape, names)) {
        const found = lookUp(scope, name);
        if (isObject(found)) return found;
      }
    }
    return undefined;
  }
}

function lookUp(scope: Fields, { whole, path }: FieldName): Json | undefined {
  if (Object.hasOwn(scope, whole)) return scope[whole];
  if (path === undefined) return undefined;
  let value: Json | undefined = scope;
  for (const part of path) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
