import { type RecordKind, SelfhealError } from '@selfheal/contracts';
import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Database, Flavour, SqlValue } from '../database.ts';
import { columnValue } from './record-row.ts';
import { columnsOf } from './record-tables.ts';

/** A filter over any kind, as the query builder walks it. */
export interface AnyFilter {
  where?: object;
  range?: { field: string; from?: number; to?: number };
  orderBy?: { field: string; direction?: 'asc' | 'desc' };
  limit?: number;
  offset?: number;
}

type Selection<O> = SelectQueryBuilder<Database, RecordKind, O>;

/** The conditions of `where` and `range`. A field given as undefined asks for records that lack it. */
export function filtered<O>(query: Selection<O>, kind: RecordKind, filter: AnyFilter, flavour: Flavour): Selection<O> {
  let result = query;
  for (const [field, value] of Object.entries(filter.where ?? {})) result = result.where(equals(kind, field, value, flavour));
  const { range } = filter;
  if (range?.from !== undefined) result = result.where(sql<SqlBool>`${numeric(kind, range.field, flavour)} >= ${range.from}`);
  if (range?.to !== undefined) result = result.where(sql<SqlBool>`${numeric(kind, range.field, flavour)} < ${range.to}`);
  return result;
}

/** Order, limit and offset. Equal records stand in the order of their ids, so that pages never overlap. */
export function paged<O>(query: Selection<O>, kind: RecordKind, filter: AnyFilter, flavour: Flavour): Selection<O> {
  const direction = filter.orderBy?.direction ?? 'asc';
  let result = query;
  if (filter.orderBy !== undefined && filter.orderBy.field !== 'id') {
    for (const key of orderKeys(kind, filter.orderBy.field, flavour)) {
      // Records without the field come first when ascending, on both databases.
      result = result.orderBy(key, (order) => (direction === 'asc' ? order.asc().nullsFirst() : order.desc().nullsLast()));
    }
  }
  result = result.orderBy('id', direction);
  if (filter.limit !== undefined) result = result.limit(whole(kind, 'limit', filter.limit));
  else if (filter.offset !== undefined) result = result.limit(Number.MAX_SAFE_INTEGER);
  if (filter.offset !== undefined) result = result.offset(whole(kind, 'offset', filter.offset));
  return result;
}

function equals(kind: RecordKind, field: string, value: unknown, flavour: Flavour): Expression<SqlBool> {
  if (isColumn(kind, field)) {
    const column = columnValue(kind, field, value);
    return column === null ? sql<SqlBool>`${sql.ref(field)} is null` : sql<SqlBool>`${sql.ref(field)} = ${column}`;
  }
  assertField(kind, field);
  if (value === undefined || value === null) return flavour.jsonIsAbsent(field);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return flavour.jsonEquals(field, value);
  throw new SelfhealError('INPUT_INVALID', `cannot filter on field ${field} by ${Array.isArray(value) ? 'a list' : 'an object'}`, {
    where: { record: kind },
  });
}

function numeric(kind: RecordKind, field: string, flavour: Flavour): Expression<number | null> {
  if (columnsOf(kind).get(field) === 'number') return sql<number | null>`${sql.ref(field)}`;
  assertField(kind, field);
  return flavour.jsonNumber(field);
}

function orderKeys(kind: RecordKind, field: string, flavour: Flavour): readonly Expression<SqlValue>[] {
  if (isColumn(kind, field)) return [sql<SqlValue>`${sql.ref(field)}`];
  assertField(kind, field);
  return flavour.jsonOrder(field);
}

function isColumn(kind: RecordKind, field: string): boolean {
  return field === 'id' || columnsOf(kind).has(field);
}

/** Field names go into JSON paths: only what a field of a record can be called may pass. */
function assertField(kind: RecordKind, field: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(field)) return;
  throw new SelfhealError('INPUT_INVALID', `no field is called ${JSON.stringify(field)}`, { where: { record: kind } });
}

function whole(kind: RecordKind, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new SelfhealError('INPUT_INVALID', `${name} must be a whole number from 0, not ${value}`, { where: { record: kind } });
}
