import type { LogReader } from '@selfheal/contracts';
import { accessLogReader } from './access-log.ts';
import { conductorNewerReader, conductorReader } from './conductor.ts';
import { handlerDurationReader } from './handler-duration.ts';
import { LearnedHead } from './header/learned-head.ts';
import { jsonLineReader } from './json-line.ts';
import { withoutRepeatedLevel } from './level.ts';
import { fromPlugin, type LineReader, type LineRecord, type ReadContext } from './line-reader.ts';
import { logfmtReader } from './logfmt.ts';
import { isExport, otlpJsonReader } from './otlp-json.ts';
import { serilogReader } from './serilog.ts';
import { plainReader, stampedTextReader } from './stamped-text.ts';
import { syslogReader } from './syslog.ts';
import { unwrap } from './unwrap.ts';

/** In order of asking: what cannot be mistaken for another comes before what reads almost anything. */
export const builtInReaders: readonly LineReader[] = [
  otlpJsonReader,
  jsonLineReader,
  conductorReader,
  conductorNewerReader,
  accessLogReader,
  serilogReader,
  syslogReader,
  handlerDurationReader,
  logfmtReader,
  stampedTextReader,
  plainReader,
];

/** Detects the format of each line by itself. One per source: it asks the reader that read the line before first, where that is safe. */
export class LineDetector {
  readonly #plugins: readonly LineReader[];
  readonly #head: LearnedHead;
  #last: LineReader | undefined;

  /** `sample`: lines of the source, of which the head of a format that no reader knows is learned. */
  constructor(plugins: readonly LogReader[] = [], sample: readonly string[] = []) {
    this.#plugins = plugins.map(fromPlugin);
    this.#head = new LearnedHead(sample);
  }

  /** The records of a line; `format` is always set. */
  read(wrapped: string, context: ReadContext): LineRecord[] {
    const { line, stamp, stream } = unwrap(wrapped, context.reference);
    const records = this.#detect(line, context);
    if (stamp === undefined && stream === undefined) return records;
    return records.map((record) => ({
      ...record,
      ...(record.stamp === undefined && stamp !== undefined ? { stamp } : {}),
      ...(stream === undefined ? {} : { fields: { ...record.fields, stream } }),
    }));
  }

  #detect(line: string, context: ReadContext): LineRecord[] {
    for (const reader of this.#plugins) {
      const found = reader.read(line, context);
      if (found !== undefined) return named(found, reader, context);
    }
    const before = this.#last;
    if (before !== undefined) {
      const found = before.read(line, context);
      // OTLP shares its opening brace with other JSON.
      const isOther = before === jsonLineReader && found !== undefined && !isMany(found) && isExport(found.fields);
      if (found !== undefined && !isOther) return named(found, before, context);
    }
    for (const reader of builtInReaders) {
      if (reader === before && before !== jsonLineReader) continue;
      const found = reader.read(line, context);
      if (found === undefined) continue;
      this.#last = reader.exclusive ? reader : undefined;
      const records = named(found, reader, context);
      return reader.exclusive ? records : records.map((record) => this.#head.complete(record, line, context));
    }
    return [];
  }
}

function named(found: LineRecord | readonly LineRecord[], reader: LineReader, { reference }: ReadContext): LineRecord[] {
  if (!isMany(found)) return [completed(found, reader, reference)];
  return found.map((record) => completed(record, reader, reference));
}

function completed(record: LineRecord, reader: LineReader, reference: number): LineRecord {
  const { level, text } = record;
  const body = level === undefined ? text : withoutRepeatedLevel(text, level, reference);
  return record.format === undefined || body !== text ? { ...record, text: body, format: record.format ?? reader.name } : record;
}

function isMany(found: LineRecord | readonly LineRecord[]): found is readonly LineRecord[] {
  return Array.isArray(found);
}
