import type { Node } from 'jsonc-parser';
import { getNodeValue } from 'jsonc-parser';

const MAX_SHOWN = 80;

/** A value inside a document, with its place. */
export class JsonField {
  readonly node: Node;
  /** Like `movements[0].beats[2].handler`; empty for the root. */
  readonly path: string;
  /** Where its property's name stands; for list items and the root where the value stands. */
  readonly keyOffset: number;
  #properties: ReadonlyMap<string, JsonField> | undefined;

  constructor(node: Node, path = '', keyOffset = node.offset) {
    this.node = node;
    this.path = path;
    this.keyOffset = keyOffset;
  }

  get offset(): number {
    return this.node.offset;
  }

  /** Where to point for something about the property itself. */
  get key(): { readonly offset: number; readonly path: string } {
    return { offset: this.keyOffset, path: this.path };
  }

  get value(): unknown {
    return getNodeValue(this.node);
  }

  /** The value as text: a text itself, anything else as JSON, shortened. */
  get shown(): string {
    const { value } = this;
    return typeof value === 'string' ? value : JSON.stringify(value).slice(0, MAX_SHOWN);
  }

  get isObject(): boolean {
    return this.node.type === 'object';
  }

  get isArray(): boolean {
    return this.node.type === 'array';
  }

  /** The properties of an object, in order; of a property that is there twice only the last. */
  properties(): ReadonlyMap<string, JsonField> {
    this.#properties ??= this.#readProperties();
    return this.#properties;
  }

  #readProperties(): ReadonlyMap<string, JsonField> {
    const fields = new Map<string, JsonField>();
    for (const property of this.isObject ? (this.node.children ?? []) : []) {
      const [key, value] = property.children ?? [];
      if (key && value && typeof key.value === 'string')
        fields.set(key.value, new JsonField(value, childPath(this.path, key.value), key.offset));
    }
    return fields;
  }

  get(name: string): JsonField | undefined {
    return this.properties().get(name);
  }

  /** The first of several names that is there. */
  first(...names: readonly string[]): JsonField | undefined {
    const fields = this.properties();
    return names.map((name) => fields.get(name)).find((field) => field !== undefined);
  }

  at(...steps: readonly (string | number)[]): JsonField | undefined {
    let field: JsonField | undefined = this;
    for (const step of steps) field = typeof step === 'number' ? field?.items()[step] : field?.get(step);
    return field;
  }

  items(): readonly JsonField[] {
    return this.isArray ? (this.node.children ?? []).map((child, index) => new JsonField(child, `${this.path}[${index}]`)) : [];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.get(name)?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.get(name)?.value;
    return typeof value === 'number' ? value : undefined;
  }
}

function childPath(parent: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${parent}['${name}']`;
  return parent === '' ? name : `${parent}.${name}`;
}
