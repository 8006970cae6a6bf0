import type { Json } from '@selfheal/contracts';
import { parseObject, recordOf } from './json-line.ts';
import { isLevelWord, takeLevel, takeLevelBehindNames } from './level.ts';
import { takePrefix } from './line-prefix.ts';
import type { LineReader, ReadContext } from './line-reader.ts';

const BRACKETED = /^\[([^\]]{1,120})\]\s*/;
const NEST = /^\[Nest\] (\d+)\s+-\s+/;
const TRAILING_PAIR = /(?:^|[\s,([])([A-Za-z][\w.-]{1,40})=("(?:[^"\\]|\\.){0,2000}"|[^\s,;)\]]{1,2000})/g;

/**
 * Text with a stamp or a severity in front, in any of the usual orders: `[stamp] LEVEL text`, `stamp LEVEL [thread] class: text`,
 * `ERROR - text`, `info: text {"json":"tail"}`, NestJS. Pairs and a JSON object within the text become fields.
 */
export const stampedTextReader: LineReader = {
  name: 'text',
  exclusive: false,
  read(line, context) {
    const nest = NEST.exec(line);
    const prefix = takePrefix(nest === null ? line : line.slice(nest[0].length), context.reference);
    const head = takeHead(prefix.text, prefix.stamp !== undefined);
    if (prefix.stamp === undefined && head.level === undefined) return undefined;
    const fields: Record<string, Json> = {};
    if (nest?.[1] !== undefined) fields.pid = nest[1];
    if (prefix.codePlace !== undefined) fields.codePlace = prefix.codePlace;
    if (head.logger !== undefined) fields.logger = head.logger;
    const body = takeFields(head.text, fields, context);
    return {
      text: body.text,
      fields,
      ...(prefix.stamp === undefined ? {} : { stamp: prefix.stamp }),
      ...(head.level === undefined ? {} : { level: head.level }),
      ...(body.json ? { format: 'text-json' } : {}),
    };
  },
};

/** Last resort: the whole line is the text. Pairs within it are read all the same. */
export const plainReader: LineReader = {
  name: 'plain',
  exclusive: false,
  read(line, context) {
    const fields: Record<string, Json> = {};
    const headed = takeLevelBehindNames(line);
    const text = headed?.rest ?? line.trim();
    const body = takeFields(text, fields, context);
    return { text: body.text === '' ? text : body.text, fields, ...(headed === undefined ? {} : { level: headed.level }) };
  },
};

/** Level and bracketed words in front of the text: `INFO [main] text`, `[app] [error] text`. Unknown brackets name the logger. */
function takeHead(start: string, stamped: boolean): { text: string; level?: string; logger?: string } {
  let text = start;
  let level: string | undefined;
  let logger: string | undefined;
  for (let part = 0; part < 5; part += 1) {
    const word: { level: string; rest: string } | undefined = level === undefined ? takeLevel(text) : undefined;
    if (word !== undefined) {
      level = word.level;
      text = word.rest;
      continue;
    }
    const bracket = BRACKETED.exec(text);
    if (bracket?.[1] === undefined || bracket[0].length === text.length) break;
    if (level === undefined && isLevelWord(bracket[1].trim())) level = bracket[1].trim().toLowerCase();
    else logger ??= bracket[1];
    text = text.slice(bracket[0].length);
  }
  const behind = stamped && level === undefined ? takeLevelBehindNames(text) : undefined;
  level ??= behind?.level;
  text = behind?.rest ?? text;
  return { text: text.trim(), ...(level === undefined ? {} : { level }), ...(logger === undefined ? {} : { logger }) };
}

function takeFields(text: string, fields: Record<string, Json>, context: ReadContext): { text: string; json: boolean } {
  const brace = text.endsWith('}') ? text.indexOf('{"') : -1;
  const tail = brace < 0 ? undefined : parseObject(text.slice(brace));
  if (tail !== undefined) {
    Object.assign(fields, tail);
    const words = text.slice(0, brace).trim();
    return { text: words === '' ? recordOf(tail, context).text : words, json: true };
  }
  if (text.includes('=') && text.length <= 16_384) {
    for (const [, key = '', value = ''] of text.matchAll(TRAILING_PAIR)) {
      if (!(key in fields)) fields[key] = value.startsWith('"') ? value.slice(1, -1) : plainScalar(value);
    }
  }
  return { text, json: false };
}

function plainScalar(value: string): Json {
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(value) ? Number(value) : value;
}
