import { selfhealConfig } from '@selfheal/contracts';
import { z } from 'zod';
import { type JsonSchema, typeText } from './json-schema.ts';
import { code, page, table } from './markdown.ts';

/** Every key of selfheal.config with its type, default and meaning. */
export function configurationPage(): string {
  const schema = z.toJSONSchema(selfhealConfig, { io: 'input' }) as JsonSchema;
  const defaults: unknown = selfhealConfig.parse({});
  return page('Configuration', 'packages/contracts/src/config.ts', [
    '`selfheal.config.json`, `.ts`, `.js` or `.yaml` at the top of the watched repository. No key is required; `selfheal init` writes what it finds. Flags of the command win over the file. Keys that are not listed here are refused. The guide is [configuration.md](../configuration.md).',
    table(['key', 'type', 'default', 'meaning'], rowsOf(schema, defaults, '')),
  ]);
}

function rowsOf(schema: JsonSchema, defaults: unknown, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const value = field(defaults, name);
    if (property.properties !== undefined) return rowsOf(property, value, `${key}.`);
    return [[code(key), code(typeText(property)), value === undefined ? 'none' : code(JSON.stringify(value)), property.description ?? '']];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
