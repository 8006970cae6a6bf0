import { SelfhealError } from '@selfheal/contracts/errors';
import { isPath, isRecord, resolvePath, type Scope } from './path.ts';
import type { InputMapping } from './plan.ts';

/** The key of a mapping that spreads whole objects into the input: `{ "...": "$.baton", "limit": 5 }`. */
export const SPREAD = '...';

/**
 * The input of a beat. Names whose path leads nowhere are left out.
 * @throws BEAT_INPUT_INVALID naming the entry whose required path leads nowhere, or that spreads no object
 */
export function mapInput(mapping: InputMapping, scope: Scope): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(mapping)) {
    if (name === SPREAD) Object.assign(input, spread(source, scope));
    else assignDefined(input, name, mapValue(source, scope, name));
  }
  return input;
}

/** One mapped value; see `InputMapping` for the rules. `name` is only used in messages. */
export function mapValue(source: unknown, scope: Scope, name = 'the value'): unknown {
  if (isPath(source)) return resolvePath(scope, source);
  if (Array.isArray(source)) return source.map((item, index) => mapValue(item, scope, `${name}[${index}]`) ?? null);
  if (!isRecord(source)) return source;
  if (isLiteral(source)) return source.value;
  if (isPathOptions(source)) return resolveWithOptions(source, scope, name);
  if (isTemplate(source)) return renderTemplate(source.template, scope);
  const mapped: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) assignDefined(mapped, key, mapValue(value, scope, `${name}.${key}`));
  return mapped;
}

export interface PathOptions {
  readonly path: string;
  readonly required?: boolean;
  readonly default?: unknown;
}

const PATH_OPTION_KEYS = new Set(['path', 'required', 'default']);

export function isPathOptions(value: unknown): value is PathOptions {
  return isRecord(value) && isPath(value.path) && Object.keys(value).every((key) => PATH_OPTION_KEYS.has(key));
}

export function isLiteral(value: unknown): value is { readonly value: unknown } {
  return isRecord(value) && Object.keys(value).length === 1 && Object.hasOwn(value, 'value');
}

export function isTemplate(value: unknown): value is { readonly template: string } {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.template === 'string';
}

/** The `{{$.path}}` places of a template, in order. */
export const TEMPLATE_PLACE = /\{\{\s*(\$[.[][^}]*?)\s*\}\}/g;

function renderTemplate(template: string, scope: Scope): string {
  return template.replace(TEMPLATE_PLACE, (_place, path: string) => asText(resolvePath(scope, path)));
}

/** A value as templates write it. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function resolveWithOptions(source: PathOptions, scope: Scope, name: string): unknown {
  const value = resolvePath(scope, source.path) ?? source.default;
  if (value === undefined && source.required === true) {
    throw new SelfhealError('BEAT_INPUT_INVALID', `"${name}" is required, but "${source.path}" leads nowhere`);
  }
  return value;
}

function spread(source: unknown, scope: Scope): Record<string, unknown> {
  const sources = Array.isArray(source) ? source : [source];
  const merged: Record<string, unknown> = {};
  for (const each of sources) {
    const value = mapValue(each, scope, SPREAD);
    if (value === undefined || value === null) continue;
    if (!isRecord(value)) throw new SelfhealError('BEAT_INPUT_INVALID', `"${SPREAD}" can only spread an object, not ${describe(value)}`);
    mergeFields(merged, value);
  }
  return merged;
}

/** Copies own fields; a field named `__proto__` is data that would change the target's prototype, so it is left out. */
export function mergeFields(target: Record<string, unknown>, fields: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fields)) if (key !== '__proto__') target[key] = value;
}

function assignDefined(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined) target[key] = value;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
