import { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

const MAX_VALUES = 12;

/** A contract as people and models read it: `{ id: string, lines?: integer[] }`. Objects deeper than `depth` are `{...}`. */
export function typeText(contract: z.ZodType, depth = 2): string {
  return textOf(schemaOf(contract), depth);
}

/** The smallest value of a contract's shape: what must be there, empty. */
export function standInOf(contract: z.ZodType): unknown {
  return emptyOf(schemaOf(contract));
}

function schemaOf(contract: z.ZodType): Schema {
  return z.toJSONSchema(contract, { unrepresentable: 'any', io: 'output', reused: 'inline', cycles: 'ref' });
}

function textOf(schema: Schema, depth: number): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map((one) => textOf(asSchema(one), depth)))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return valuesText(schema.enum);
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'array') return `${arrayItem(schema, depth)}[]`;
  if (schema.type !== 'object') return typeof schema.type === 'string' ? schema.type : 'any';
  if (schema.properties === undefined) return 'object';
  if (depth === 0) return '{...}';
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties).map(
    ([name, field]) => `${name}${required.has(name) ? '' : '?'}: ${textOf(asSchema(field), depth - 1)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function valuesText(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_VALUES).map((value) => JSON.stringify(value));
  return values.length > shown.length ? `${shown.join(' | ')} | ...` : shown.join(' | ');
}

function arrayItem({ items }: Schema, depth: number): string {
  const [only] = Array.isArray(items) ? items : [items];
  const text = only === undefined ? 'any' : textOf(asSchema(only), depth);
  return text.includes(' | ') ? `(${text})` : text;
}

function emptyOf(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return emptyOf(asSchema(first));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, emptyOf(asSchema(schema.properties?.[name] ?? true))]));
    case 'array':
      return [];
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return Math.max(0, schema.minimum ?? 0, typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + 1 : 0);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function asSchema(schema: z.core.JSONSchema._JSONSchema): Schema {
  return typeof schema === 'boolean' ? {} : schema;
}
