import type { Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';

type Fields = Record<string, Json>;

/** Objects in which loggers keep what belongs to the line; their fields are found as if they stood on top. */
const HOLDERS = ['context', 'meta', 'metadata', 'extra', 'data', 'attributes', 'labels', 'fields', 'Properties', 'mdc'];
const paths = new Map<string, readonly string[]>();

/** Looks fields up by any of their spellings: `a.b` is found as one key or nested. */
export class FieldView {
  readonly #scopes: readonly Fields[];

  constructor(fields: Fields) {
    const scopes = [fields];
    for (const holder of HOLDERS) {
      const held = fields[holder];
      if (isObject(held)) scopes.push(held);
    }
    this.#scopes = scopes;
  }

  value(...names: readonly string[]): Json | undefined {
    for (const scope of this.#scopes) {
      for (const name of names) {
        const found = lookUp(scope, name);
        if (found !== undefined && found !== null && found !== '') return found;
      }
    }
    return undefined;
  }

  text(...names: readonly string[]): string | undefined {
    const found = this.value(...names);
    return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : undefined;
  }

  /** A non-empty string; numbers do not count. */
  name(...names: readonly string[]): string | undefined {
    const found = this.value(...names);
    return typeof found === 'string' && found.length <= 200 ? found : undefined;
  }

  number(...names: readonly string[]): number | undefined {
    const found = this.value(...names);
    const number = typeof found === 'number' ? found : typeof found === 'string' && found.trim() !== '' ? Number(found) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  }

  object(...names: readonly string[]): Fields | undefined {
    for (const scope of this.#scopes) {
      for (const name of names) {
        const found = lookUp(scope, name);
        if (isObject(found)) return found;
      }
    }
    return undefined;
  }
}

function lookUp(scope: Fields, name: string): Json | undefined {
  if (Object.hasOwn(scope, name)) return scope[name];
  if (!name.includes('.')) return undefined;
  const path = pathOf(name);
  let value: Json | undefined = scope;
  for (const part of path) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function pathOf(name: string): readonly string[] {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const path = name.split('.');
  paths.set(name, path);
  return path;
}
