import { type RecordKind, type RecordOf, recordSchemas, SelfhealError } from '@selfheal/contracts';
import type { RecordRow, SqlValue } from '../database.ts';
import { columnsOf } from './record-tables.ts';

/** The row that stores a record. Fails with INPUT_INVALID naming the field that does not fit the schema. */
export function toRow<K extends RecordKind>(kind: K, record: RecordOf<K>): RecordRow {
  const checked = schemas[kind].safeParse(record);
  if (!checked.success) throw invalid('INPUT_INVALID', kind, idOf(record), checked.error.issues);
  const fields = new Map<string, unknown>(Object.entries(checked.data));
  const row: RecordRow = { id: textOf(kind, 'id', fields.get('id')), body: JSON.stringify(checked.data) };
  for (const column of columnsOf(kind).keys()) row[column] = columnValue(kind, column, fields.get(column));
  return row;
}

/** The record that a row's body holds. Fails with RECORD_INVALID where another version wrote a body that does not fit. */
export function fromBody<K extends RecordKind>(kind: K, id: string, body: string): RecordOf<K> {
  const checked = schemas[kind].safeParse(parsed(kind, id, body));
  if (!checked.success) throw invalid('RECORD_INVALID', kind, id, checked.error.issues);
  return checked.data;
}

/** What a column holds for a field's value: flags as 0 and 1, an absent value as null. */
export function columnValue(kind: RecordKind, field: string, value: unknown): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  return textOf(kind, field, value);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}

const schemas: { readonly [K in RecordKind]: Schema<RecordOf<K>> } = recordSchemas;

function invalid(
  code: 'INPUT_INVALID' | 'RECORD_INVALID',
  kind: RecordKind,
  id: string | undefined,
  issues: readonly Issue[],
): SelfhealError {
  const shown = issues.slice(0, 5).map((issue) => `field ${pathText(issue.path)}: ${issue.message}`);
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '';
  return new SelfhealError(code, `${shown.join('; ')}${more}`, { where: { record: kind, id } });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the record itself)' : path.map(String).join('.');
}

function idOf(record: unknown): string | undefined {
  return typeof record === 'object' && record !== null && 'id' in record && typeof record.id === 'string' ? record.id : undefined;
}

/** A NUL character ends a text for one database and is refused by the other. */
function textOf(kind: RecordKind, field: string, value: unknown): string {
  if (typeof value !== 'string')
    throw new SelfhealError('INPUT_INVALID', `field ${field} is not a text, number or flag`, { where: { record: kind } });
  if (value.includes('\u0000'))
    throw new SelfhealError('INPUT_INVALID', `field ${field} holds a NUL character`, { where: { record: kind } });
  return value;
}

function parsed(kind: RecordKind, id: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new SelfhealError('RECORD_INVALID', 'its body is not JSON', { where: { record: kind, id }, cause });
  }
}
