import type { Json } from '@selfheal/contracts';
import type { LineRecord, ReadContext } from '../line-reader.ts';
import { stampAt } from '../stamp.ts';
import { type Header, HeaderReader } from './header-reader.ts';
import { learnLayout } from './layout.ts';

/** Lines looked at, and how few show nothing: two or three lines may be alike by chance. */
const SAMPLE = 200;
const MIN_SAMPLE = 10;
/** `0501 10:00:00.123456`: month and day run together, behind the letter of the level. */
const MONTH_DAY = /^(\d{2})(\d{2}) (\d{2}:.*)$/;
/** `081109 203615`: date and clock as six digits each, the year first. */
const RUN_TOGETHER = /^(\d{2})(\d{2})(\d{2})[ -](\d{2})(\d{2})(\d{2})$/;
/** Severities that loggers shorten to a letter between stamp and text. */
const LETTERS: Readonly<Record<string, string>> = {
  v: 'trace',
  t: 'trace',
  d: 'debug',
  i: 'info',
  n: 'notice',
  w: 'warn',
  e: 'error',
  f: 'fatal',
  c: 'critical',
};

/**
 * Heads of a format that no reader knows: what the lines of a source have in common in front of their text is learned from some of them,
 * when the first such line comes. It counts where it goes further than the reader did, so that a source has one kind of text.
 */
export class LearnedHead {
  readonly #sample: readonly string[];
  #reader: HeaderReader | undefined;

  constructor(sample: readonly string[]) {
    this.#sample = sample;
  }

  complete(record: LineRecord, line: string, context: ReadContext): LineRecord {
    const open = record.format === 'plain' || record.format === 'text';
    if (!open || this.#sample.length < MIN_SAMPLE) return record;
    this.#reader ??= new HeaderReader(learnLayout(this.#sample.slice(0, SAMPLE)));
    const text = line.slice(this.#reader.end(line)).trim();
    if (text === '' || text.length >= line.length) return record;
    const header = this.#reader.header(line);
    if (text.length >= record.text.length && !tellsMore(header, record)) return record;
    const stamp = record.stamp ?? stampOfHead(header.stamp, context.reference);
    const level = record.level ?? (header.level === undefined ? undefined : (LETTERS[header.level] ?? header.level));
    return {
      ...record,
      format: 'text',
      text: text.length < record.text.length ? text : record.text,
      fields: { ...fieldsOf(header), ...record.fields, ...(header.source === undefined ? {} : { logger: header.source }) },
      ...(stamp === undefined ? {} : { stamp }),
      ...(level === undefined ? {} : { level }),
    };
  }
}

function tellsMore(header: Header, record: LineRecord): boolean {
  return (header.level !== undefined && record.level === undefined) || (header.stamp !== undefined && record.stamp === undefined);
}

function fieldsOf({ source, thread, requestId, pid }: Header): Record<string, Json> {
  const fields: Record<string, Json> = {};
  if (source !== undefined) fields.logger = source;
  if (thread !== undefined) fields.thread = thread;
  if (requestId !== undefined) fields.requestId = requestId;
  if (pid !== undefined) fields.pid = pid;
  return fields;
}

function stampOfHead(text: string | undefined, reference: number): number | undefined {
  if (text === undefined) return undefined;
  const compact = RUN_TOGETHER.exec(text);
  if (compact === null) return stampAt(text.replace(MONTH_DAY, '$1-$2 $3'), reference)?.stamp;
  const [, year, month, day, hour, minute, second] = compact;
  return stampAt(`20${year}-${month}-${day} ${hour}:${minute}:${second}`, reference)?.stamp;
}
