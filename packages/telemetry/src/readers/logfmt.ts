import type { Json } from '@selfheal/contracts';
import { takeLevel } from './level.ts';
import { takePrefix } from './line-prefix.ts';
import type { LineReader } from './line-reader.ts';
import { stampOf } from './stamp.ts';

const PAIR = /([A-Za-z_@][\w.@/-]{0,99})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)/y;
const STAMP_KEYS = ['time', 'ts', 'timestamp', 't', '@timestamp', 'at'];
const TEXT_KEYS = ['msg', 'message', 'event', 'text'];
const LEVEL_KEYS = ['level', 'lvl', 'severity', 'loglevel'];

/** logfmt: a line of `key=value` pairs, optionally after a stamp and a level. At least two pairs, and nothing but pairs. */
export const logfmtReader: LineReader = {
  name: 'logfmt',
  exclusive: false,
  read(line, { reference }) {
    if (!line.includes('=')) return undefined;
    const prefix = takePrefix(line, reference);
    const level = takeLevel(prefix.text);
    const fields = parsePairs(level?.rest ?? prefix.text);
    if (fields === undefined) return undefined;
    const stamp = prefix.stamp ?? first(STAMP_KEYS.map((key) => stampOf(numeric(fields[key]), reference)));
    const word = level?.level ?? first(LEVEL_KEYS.map((key) => fields[key]));
    const text = first(TEXT_KEYS.map((key) => fields[key]));
    return {
      text: text === undefined ? line : String(text),
      fields,
      ...(stamp === undefined ? {} : { stamp }),
      ...(typeof word === 'string' || typeof word === 'number' ? { level: word } : {}),
    };
  },
};

/** The pairs of a text that holds nothing else; undefined where it holds other words or fewer than two pairs. */
export function parsePairs(text: string): Record<string, Json> | undefined {
  const fields: Record<string, Json> = {};
  let count = 0;
  let at = 0;
  while (at < text.length) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [whole, key = '', quoted, bare = ''] = match;
    fields[key] = quoted === undefined ? scalar(bare) : unescaped(quoted);
    count += 1;
    at += whole.length;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at += 1;
  }
  return count >= 2 ? fields : undefined;
}

function scalar(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === '') return null;
  // Long digit runs are ids: a number would lose digits.
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\nt])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c)) : text;
}

function numeric(value: Json | undefined): Json | undefined {
  return typeof value === 'string' && /^\d{10,19}(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function first<T>(values: readonly (T | undefined | null)[]): T | undefined {
  return values.find((value) => value !== undefined && value !== null) ?? undefined;
}
