import { SelfhealError } from '@selfheal/contracts';

/** A quoted field may hold line ends; one that is never closed must not swallow the file. */
const MAX_RECORD = 1_048_576;

/**
 * The fields of one column of a CSV text (RFC 4180), given and read in batches of lines. The first record names the columns.
 * Fails with INPUT_INVALID where the column is missing, a record has not reached it, or a quote is not closed.
 */
export async function* csvColumn(batches: AsyncIterable<readonly string[]>, column: string, path: string): AsyncGenerator<string[]> {
  let at: number | undefined;
  let line = 0;
  let from = 0;
  let open: string[] = [];
  let length = 0;
  for await (const batch of batches) {
    const fields: string[] = [];
    for (const text of batch) {
      line += 1;
      if (open.length === 0) from = line;
      // Each line is looked at once, however long the record grows.
      if (hasOddQuotes(text) !== open.length > 0) {
        open.push(text);
        length += text.length + 1;
        if (length > MAX_RECORD) throw invalid(`line ${from} opens a quote that is not closed`, path);
        continue;
      }
      const record = open.length === 0 ? text : [...open, text].join('\n');
      open = [];
      length = 0;
      if (record.trim() === '') continue;
      const values = at === undefined || record.includes('"') ? fieldsOf(record) : record.split(',');
      if (at === undefined) at = columnOf(values, column, path);
      else fields.push(fieldAt(values, at, from, path));
    }
    if (fields.length > 0) yield fields;
  }
  if (open.length > 0) throw invalid(`line ${from} opens a quote that is not closed`, path);
  if (at === undefined) throw invalid('it is empty: a header that names the columns is expected', path);
}

/** The fields of one record, without their quotes. */
export function fieldsOf(record: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (record[at] === '"') {
      at += 1;
      for (;;) {
        const quote = record.indexOf('"', at);
        field += record.slice(at, quote < 0 ? undefined : quote);
        at = quote < 0 ? record.length : quote + 1;
        if (record[at] !== '"') break;
        field += '"';
        at += 1;
      }
    }
    const comma = record.indexOf(',', at);
    fields.push(field + record.slice(at, comma < 0 ? undefined : comma));
    if (comma < 0) return fields;
    at = comma + 1;
  }
}

/** A field as CSV, quoted so that nothing in it can be mistaken. */
export function csvField(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** Such a line opens a quoted field that goes on, or closes the one that was open. */
function hasOddQuotes(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
}

function columnOf(names: readonly string[], column: string, path: string): number {
  const at = names.findIndex((name) => name.trim() === column);
  if (at >= 0) return at;
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.trim().slice(0, 60)));
  throw invalid(`it has no column ${JSON.stringify(column)}; its first line names ${shown.join(', ')}`, path);
}

function fieldAt(values: readonly string[], at: number, line: number, path: string): string {
  const field = values[at];
  if (field === undefined) throw invalid(`line ${line} has ${values.length} fields, the column is field ${at + 1}`, path);
  return field;
}

function invalid(detail: string, path: string): SelfhealError {
  return new SelfhealError('INPUT_INVALID', detail, { where: { path } });
}
