import * as contracts from '@selfheal/contracts';
import { z } from 'zod';
import { type JsonSchema, refName } from './json-schema.ts';

/** The schemas of packages/contracts that have a name, by it. */
export const NAMED_TYPES: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ...Object.entries(contracts).flatMap(([name, value]): [string, z.ZodType][] =>
    value instanceof z.ZodType ? [[typeName(name), value]] : [],
  ),
  ['Policy', contracts.selfhealConfig.shape.policy],
]);

const NAMES = z.registry<{ id: string }>();
for (const [id, schema] of NAMED_TYPES) NAMES.add(schema, { id });

/** A schema as JSON Schema in which named schemas are references. */
export function contractSchema(schema: z.ZodType): JsonSchema {
  for (const part of partsOf(schema)) nameByOrigin(part);
  // zod's own type of the result has more keywords than we read, each with the same meaning.
  return z.toJSONSchema(schema, { metadata: NAMES, unrepresentable: 'any', io: 'output' }) as JsonSchema;
}

/** The fields of a named schema: for itself, references to others only. */
export function definitionOf(name: string): JsonSchema {
  const schema = NAMED_TYPES.get(name);
  if (schema === undefined) throw new Error(`no contract is named ${name}`);
  const written = contractSchema(schema);
  return written.$ref === undefined ? written : (written.$defs?.[refName(written.$ref)] ?? written);
}

/** The record that a schema was cut from: `patch.omit({ syntax: true })` is `Omit<Patch, 'syntax'>`. */
function nameByOrigin(schema: z.ZodType): void {
  if (!(schema instanceof z.ZodObject) || NAMES.has(schema)) return;
  const keys = Object.keys(schema.shape);
  for (const [name, candidate] of NAMED_TYPES) {
    if (!(candidate instanceof z.ZodObject) || keys.length < 3) continue;
    const left = Object.keys(candidate.shape).filter((key) => !keys.includes(key));
    if (left.length > 0 && keys.every((key) => candidate.shape[key] === schema.shape[key])) {
      NAMES.add(schema, { id: `Omit<${name}, ${left.map((key) => `'${key}'`).join(' | ')}>` });
      return;
    }
  }
}

function partsOf(schema: z.ZodType): z.ZodType[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.values(schema.shape).filter((part): part is z.ZodType => part instanceof z.ZodType);
}

function typeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
