import { definitionOf, NAMED_TYPES } from './contract-types.ts';
import { fieldsOf, typeText } from './json-schema.ts';
import { code, page, table } from './markdown.ts';

/** The named types of the contracts, in alphabetical order. */
export function typesPage(): string {
  const names = [...NAMED_TYPES.keys()].sort();
  return page('Types', 'the schemas in packages/contracts/src', [
    'Records and values that beats take and give ([handlers.md](handlers.md)). `?` marks a field that may be absent. `int` is a whole number; times are epoch milliseconds, durations milliseconds.',
    ...names.flatMap(typeParts),
  ]);
}

function typeParts(name: string): string[] {
  const schema = definitionOf(name);
  const fields = fieldsOf(schema);
  const description = schema.description === undefined ? [] : [schema.description];
  const variants = schema.oneOf ?? schema.anyOf ?? [];
  if (variants.length > 0) return [`## ${name}`, ...description, 'One of:', variants.map((one) => `- ${code(typeText(one))}`).join('\n')];
  if (fields.length === 0) return [`## ${name}`, ...description, code(typeText(schema))];
  const rows = fields.map((field) => [code(field.optional ? `${field.name}?` : field.name), code(field.type), field.description]);
  return [`## ${name}`, ...description, table(['field', 'type', ''], rows)];
}
