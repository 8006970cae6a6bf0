import type { Json } from '@selfheal/contracts';
import { isRecord } from './call-sites.ts';
import { type LiteralStyle, toLiteral, toStringLiteral } from './literal.ts';
import { fitForTest } from './logged-value.ts';

const MAX_CHARACTERS = 8_000;

/**
 * A value as the recorder describes it (docs/recorder.md), as source code. Undefined where it was not seen as a whole, or where code
 * cannot make it: a part of a value would make another test. `exact`: it must equal the value, so an instance of a class is none.
 */
export function recordedLiteral(value: Json, style: LiteralStyle, exact = false): string | undefined {
  if (exact && /"?<redacted:/.test(JSON.stringify(value))) return undefined;
  const fitted = fitForTest(value, MAX_CHARACTERS);
  if (fitted === undefined || (exact && JSON.stringify(fitted) !== JSON.stringify(value))) return undefined;
  return hasTag(fitted) ? literalOf(fitted, { style, exact }) : toLiteral(fitted, style);
}

interface Writing {
  readonly style: LiteralStyle;
  readonly exact: boolean;
}

function literalOf(value: Json, writing: Writing): string | undefined {
  if (Array.isArray(value)) return listOf(value, writing);
  if (!isRecord(value)) return toLiteral(value, writing.style);
  return typeof value.$type === 'string' ? taggedLiteral(value.$type, value, writing) : fieldsOf(value, writing);
}

function taggedLiteral(type: string, value: { [key: string]: Json }, writing: Writing): string | undefined {
  const text = (field: string): string => toStringLiteral(String(value[field] ?? ''), writing.style.quote);
  switch (type) {
    case 'undefined':
      return 'undefined';
    case 'number':
      return /^(?:NaN|-?Infinity|-0)$/.test(String(value.value)) ? String(value.value) : undefined;
    case 'bigint':
      return /^-?\d+$/.test(String(value.value)) ? `${String(value.value)}n` : undefined;
    case 'Date':
      return value.value === 'Invalid Date' ? 'new Date(Number.NaN)' : `new Date(${text('value')})`;
    case 'RegExp':
      return `new RegExp(${text('source')}, ${text('flags')})`;
    case 'Map':
      return value.left === undefined ? mapLiteral(value, writing) : undefined;
    case 'Set':
      return value.left === undefined ? wrapped('new Set(', listOf(value.values, writing)) : undefined;
    case 'object':
      return fieldsOf(value.fields, writing);
    case 'instance':
      return writing.exact || value.class === 'Promise' ? undefined : fieldsOf(value.fields, writing);
    default:
      return undefined; // a function, a getter, what was cut: no code makes it
  }
}

function mapLiteral(value: { [key: string]: Json }, writing: Writing): string | undefined {
  if (value.entries !== undefined) return wrapped('new Map(', listOf(value.entries, writing));
  if (!isRecord(value.fields)) return undefined;
  return wrapped('new Map(', listOf(Object.entries(value.fields), writing));
}

function listOf(value: Json | undefined, writing: Writing): string | undefined {
  const items = Array.isArray(value) ? value.map((item) => literalOf(item, writing)) : [undefined];
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}

function fieldsOf(value: Json | undefined, writing: Writing): string | undefined {
  if (!isRecord(value)) return undefined;
  const members: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const code = literalOf(item, writing);
    if (code === undefined) return undefined;
    // A key as the plain writer has it, taken from an object of that one key.
    members.push(toLiteral({ [key]: 0 }, writing.style).replace(/^\{ ([\s\S]*): 0 \}$/, (_, name: string) => `${name}: ${code}`));
  }
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function wrapped(before: string, code: string | undefined): string | undefined {
  return code === undefined ? undefined : `${before}${code})`;
}

function hasTag(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasTag);
  return isRecord(value) && (typeof value.$type === 'string' || Object.values(value).some(hasTag));
}
