import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonSchema, refName, typeText } from './json-schema.ts';
import { anchor, code, page, table } from './markdown.ts';

/** Every part of a sequence document with its fields. */
export function sequenceLanguagePage(root: string): string {
  const schema: JsonSchema = JSON.parse(readFileSync(join(root, 'json-sequences/sequence.schema.json'), 'utf8'));
  const parts = Object.entries(schema.$defs ?? {});
  const shared = sharedFields(schema);
  return page('The sequence language', 'json-sequences/sequence.schema.json', [
    'What a sequence document may hold. For completion in an editor let it begin with `"$schema": "…/sequence.schema.json"`. How beats run, and which documents of other tools are read, is in the guide [sequences.md](../sequences.md).',
    ['- [sequence](#sequence)', ...parts.map(([name]) => `- [${name}](#${anchor(name)})`)].join('\n'),
    ...definition('sequence', schema, []),
    ...parts.flatMap(([name, part]) => (name === 'beat' ? beatDefinition(schema, part, shared) : definition(name, part, shared))),
  ]);
}

/** The beat forms, and the fields that each of them has. */
function beatDefinition(schema: JsonSchema, beat: JsonSchema, shared: readonly string[]): string[] {
  const [form] = formsOf(schema);
  return [...definition('beat', beat, []), 'Every form has these fields:', fieldTable(form ?? {}, (name) => shared.includes(name))];
}

function formsOf(schema: JsonSchema): JsonSchema[] {
  const { anyOf, oneOf } = schema.$defs?.beat ?? {};
  return (anyOf ?? oneOf ?? []).flatMap(({ $ref }) => ($ref === undefined ? [] : [schema.$defs?.[refName($ref)] ?? {}]));
}

/** Names of the fields that all beat forms have alike. */
function sharedFields(schema: JsonSchema): string[] {
  const [first, ...others] = formsOf(schema).map(({ properties = {} }) => properties);
  if (first === undefined) return [];
  return Object.keys(first).filter((name) => others.every((other) => JSON.stringify(other[name]) === JSON.stringify(first[name])));
}

function definition(name: string, schema: JsonSchema, without: readonly string[]): string[] {
  const description = schema.description === undefined ? [] : [schema.description];
  const isForm = name.endsWith('Beat');
  const body = schema.properties === undefined ? linked(schema) : fieldTable(schema, (field) => !isForm || !without.includes(field));
  return [`## ${name}`, ...description, body];
}

function fieldTable(schema: JsonSchema, wanted: (field: string) => boolean): string {
  const rows = Object.entries(schema.properties ?? {})
    .filter(([name]) => wanted(name))
    .map(([name, property]) => [
      code(name) + (schema.required?.includes(name) === true ? ' (required)' : ''),
      linked(property),
      property.description ?? '',
    ]);
  return table(['field', 'type', 'meaning'], rows);
}

function linked(schema: JsonSchema): string {
  const names = [...new Set(JSON.stringify(schema).match(/"#\/\$defs\/[^"]+"/g) ?? [])].map((ref) => refName(JSON.parse(ref)));
  const links = names.map((name) => `[${name}](#${anchor(name)})`);
  return links.length === 0 ? code(typeText(schema)) : `${code(typeText(schema))} (${links.join(', ')})`;
}
