import { SelfhealError } from '@selfheal/contracts';
import { fieldsOf } from '../templates/sources/csv-column.ts';
import { seriesTime } from './series-time.ts';
import { textLines } from './text-lines.ts';

/** One row of a series, with its fields as they came. */
export interface SeriesRow {
  /** From 1. */
  readonly line: number;
  readonly timestamp: string;
  readonly timeMs: number;
  readonly text: string;
  /** NaN where the field is empty or says that there is no value. */
  readonly value: number;
}

const TIME_NAMES = ['timestamp', 'time', 'date', 'datetime', 'ts'];
const VALUE_NAMES = ['value', 'val'];
/** What tables write where a value is missing, in lower case. */
const MISSING = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-', 'inf', '+inf', '-inf', 'infinity', '-infinity']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SHOWN = 120;

/** Where the two fields stand. */
interface Columns {
  readonly time: number;
  readonly value: number;
}

/**
 * Rows of a CSV text of `timestamp,value`, as a stream in bounded memory. The header names the columns, in any order and beside others; a
 * text whose first line is a row already has none, and these are its first two columns. Blank lines are passed over. `name` is for errors:
 * INPUT_INVALID for the first row that is none, with its line; also those of `textLines`.
 */
export async function* readSeries(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<SeriesRow> {
  let columns: Columns | undefined;
  for await (const lines of textLines(chunks, name)) {
    for (const { line, text } of lines) {
      const place: Place = { name, line, text };
      if (text === undefined) throw invalid('the line is too long for a row of two columns', place);
      if (text.trim() === '') continue;
      const fields = (text.includes('"') ? fieldsOf(text) : text.split(',')).map((field) => field.trim());
      if (columns === undefined) {
        columns = columnsOf(fields, place);
        if (seriesTime(fields[columns.time] ?? '') === undefined) continue;
      }
      yield rowOf(fields, columns, place);
    }
  }
  if (columns === undefined)
    throw new SelfhealError('INPUT_INVALID', 'it is empty: timestamp,value is expected', { where: { path: name } });
}

interface Place {
  readonly name: string;
  readonly line: number;
  readonly text: string | undefined;
}

function columnsOf(fields: readonly string[], place: Place): Columns {
  if (seriesTime(fields[0] ?? '') !== undefined && fields.length >= 2) return { time: 0, value: 1 };
  const names = fields.map((field) => field.toLowerCase());
  const [time, value] = [TIME_NAMES, VALUE_NAMES].map((known) => names.findIndex((one) => known.includes(one)));
  if (time === undefined || value === undefined || time < 0 || value < 0) {
    throw invalid('the first line is neither a header with the columns timestamp and value nor a row of these', place);
  }
  return { time, value };
}

function rowOf(fields: readonly string[], columns: Columns, place: Place): SeriesRow {
  const [timestamp, text] = [fields[columns.time], fields[columns.value]];
  if (timestamp === undefined || text === undefined) {
    throw invalid(`it has ${fields.length} of the ${Math.max(columns.time, columns.value) + 1} fields needed`, place);
  }
  const timeMs = seriesTime(timestamp);
  if (timeMs === undefined) {
    throw invalid('its timestamp is none of YYYY-MM-DD HH:MM:SS, ISO 8601, or seconds or milliseconds since 1970', place);
  }
  const isMissing = MISSING.has(text.toLowerCase());
  if (!isMissing && !NUMBER.test(text)) throw invalid('its value is no number', place);
  return { line: place.line, timestamp, timeMs, text, value: isMissing ? Number.NaN : Number(text) };
}

function invalid(detail: string, { name, line, text }: Place): SelfhealError {
  const shown = text === undefined ? '' : `: ${JSON.stringify(text.slice(0, SHOWN))}`;
  return new SelfhealError('INPUT_INVALID', `line ${line}${shown}: ${detail}`, { where: { path: name } });
}
