import { DOUBLE, type DuckDBConnection, type DuckDBType, type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { EventQuery, TelemetryEvent } from '@selfheal/contracts';
import { literal } from './duckdb.ts';
import { columnsFor, EVENT_ORDER } from './event-columns.ts';
import { EventRows } from './event-rows.ts';

/** A query for some fields of events; for all where it names none. */
export type FieldQuery<F extends keyof TelemetryEvent> = EventQuery & { fields?: readonly F[] };

/** The events of the files that the query asks for, in order of time. */
export async function queryEvents<F extends keyof TelemetryEvent>(
  connection: DuckDBConnection,
  files: readonly string[],
  query: FieldQuery<F>,
): Promise<Pick<TelemetryEvent, F>[]> {
  const { conditions, values, types } = conditionsOf(query);
  const direction = query.order ?? 'asc';
  const order = EVENT_ORDER.map((column) => `"${column}" ${direction}`).join(', ');
  // By a pattern: files of a time when events had fewer columns have all in `body`.
  const selected = query.fields === undefined ? '*' : `columns('^(?:${columnsFor(query.fields).join('|')})$')`;
  const statement = [
    `select ${selected} from read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false, union_by_name = true)`,
    conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`,
    `order by ${order}`,
    query.limit === undefined ? '' : `limit ${Math.max(0, Math.floor(query.limit))}`,
  ].join(' ');
  const result = await connection.stream(statement, values, types);
  const rows = new EventRows<F>(result.columnNames(), query.fields);
  const events: Pick<TelemetryEvent, F>[] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const event of rows.read(chunk.getColumns(), chunk.rowCount)) events.push(event);
  }
  return events;
}

interface Conditions {
  conditions: string[];
  values: DuckDBValue[];
  types: DuckDBType[];
}

function conditionsOf(query: EventQuery): Conditions {
  const result: Conditions = { conditions: [], values: [], types: [] };
  const add = (condition: (parameter: string) => string, value: DuckDBValue, type: DuckDBType): void => {
    result.values.push(value);
    result.types.push(type);
    result.conditions.push(condition(`$${result.values.length}`));
  };
  const equal = (column: string, text: string | undefined): void => {
    if (text !== undefined) add((parameter) => `"${column}" = ${parameter}`, text.toWellFormed(), VARCHAR);
  };
  const oneOf = (column: string, texts: readonly string[] | undefined): void => {
    if (texts === undefined) return;
    add((parameter) => `"${column}" in (select unnest(${parameter}))`, listValue(texts.map((text) => text.toWellFormed())), LIST(VARCHAR));
  };
  if (query.from !== undefined) add((parameter) => `"time" >= ${parameter}`, query.from, DOUBLE);
  if (query.to !== undefined) add((parameter) => `"time" < ${parameter}`, query.to, DOUBLE);
  equal('operation', query.operation);
  equal('handler', query.handler);
  equal('errorFingerprint', query.errorFingerprint);
  equal('release', query.release);
  oneOf('id', query.ids);
  oneOf('flowId', query.flowIds);
  oneOf('kind', query.kinds);
  if (query.steps === true) result.conditions.push('"step" is not null and "flowId" is not null');
  return result;
}
