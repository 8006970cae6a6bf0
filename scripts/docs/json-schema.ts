/** The part of JSON Schema that zod writes and the sequence schema uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Writes a schema as a type in TypeScript's notation; `int` is a whole number. Named schemas stay names. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map(typeText).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'array') return arrayText(schema);
  if (schema.type === 'object') return objectText(schema);
  if (schema.type === 'integer') return 'int';
  return typeof schema.type === 'string' ? schema.type : 'any';
}

/** The name at the end of `#/$defs/name`; the schema itself (`#`) is `this`. */
export function refName(ref: string): string {
  return ref === '#' ? 'this' : decodeURIComponent(ref.split('/').at(-1) ?? ref);
}

function arrayText(schema: JsonSchema): string {
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  const item = typeof schema.items === 'object' ? typeText(schema.items) : 'any';
  return /[ |&]/.test(item) && !/^\{.*\}$/.test(item) ? `(${item})[]` : `${item}[]`;
}

function objectText(schema: JsonSchema): string {
  const fields = fieldsOf(schema).map(({ name, optional, type }) => `${name}${optional ? '?' : ''}: ${type}`);
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  return typeof schema.additionalProperties === 'object' ? `Record<string, ${typeText(schema.additionalProperties)}>` : 'object';
}

export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly description: string;
}

export function fieldsOf(schema: JsonSchema): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    optional: !required.has(name),
    type: typeText(property),
    description: property.description ?? '',
  }));
}
