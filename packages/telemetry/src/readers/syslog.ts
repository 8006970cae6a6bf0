import type { Json } from '@selfheal/contracts';
import { parseObject, recordOf } from './json-line.ts';
import { takeLevel } from './level.ts';
import type { LineReader, LineRecord, ReadContext } from './line-reader.ts';
import { stampAt } from './stamp.ts';

const PRIORITY = /^<(\d{1,3})>/;
const VERSIONED = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|\[.*?\](?=\s|$))\s?(.*)$/s;
const CLASSIC = /^ ([\w.:-]{1,255}) ([\w./@-]{1,64}(?:\([\w-]{1,40}\))?)(?:\[(\d+)\])?: ?(.*)$/s;
const SYSLOG_STAMP = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d{2}:\d{2}:\d{2}|^\d{4}-\d{2}-\d{2}T/;
const SEVERITIES = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

/** Syslog of RFC 3164 (`May  1 10:00:00 host app[1]: text`) and RFC 5424 (`<14>1 2024-.. host app 1 - - text`); JSON bodies are unwrapped. */
export const syslogReader: LineReader = {
  name: 'syslog',
  exclusive: true,
  read(line, context) {
    const priority = PRIORITY.exec(line);
    const severity = priority === null ? undefined : SEVERITIES[Number(priority[1]) % 8];
    const rest = priority === null ? line : line.slice(priority[0].length);
    return priority !== null && rest.startsWith('1 ') ? versioned(rest, severity, context) : classic(rest, severity, context);
  },
};

function versioned(rest: string, severity: string | undefined, context: ReadContext): LineRecord | undefined {
  const match = VERSIONED.exec(rest);
  if (match === null) return undefined;
  const [, time = '', host = '', app = '', pid = '', , , body = ''] = match;
  return build(stampAt(time, context.reference)?.stamp, severity, { host, app, pid }, body, context);
}

function classic(rest: string, severity: string | undefined, context: ReadContext): LineRecord | undefined {
  if (!SYSLOG_STAMP.test(rest)) return undefined;
  const stamp = stampAt(rest, context.reference);
  const match = stamp === undefined ? null : CLASSIC.exec(rest.slice(stamp.length));
  if (stamp === undefined || match === null) return undefined;
  const [, host = '', app = '', pid = '', body = ''] = match;
  if (isWord(host)) return undefined;
  return build(stamp.stamp, severity, { host, app, pid }, body, context);
}

function build(
  stamp: number | undefined,
  severity: string | undefined,
  origin: { host: string; app: string; pid: string },
  body: string,
  context: ReadContext,
): LineRecord {
  const fields: Record<string, Json> = {};
  for (const [key, value] of Object.entries({ hostname: origin.host, app: origin.app, pid: origin.pid })) {
    if (value !== '' && value !== '-') fields[key] = value;
  }
  const text = body.replace(/^\u{FEFF}/u, '').trim();
  const inner = text.startsWith('{') ? parseObject(text) : undefined;
  if (inner !== undefined) {
    const record = recordOf(inner, context);
    return { ...record, fields: { ...fields, ...record.fields }, ...(record.stamp === undefined && stamp !== undefined ? { stamp } : {}) };
  }
  const level = takeLevel(text);
  const word = severity ?? level?.level;
  return {
    text: level?.rest ?? text,
    fields,
    ...(stamp === undefined ? {} : { stamp }),
    ...(word === undefined ? {} : { level: word }),
  };
}

/** `2024-05-01T10:00:00Z INFO main: text` is a stamped line with a level, not a host called INFO. */
function isWord(host: string): boolean {
  return takeLevel(`${host.toUpperCase()} `) !== undefined;
}
