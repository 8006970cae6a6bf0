import type { Json } from '@selfheal/contracts';
import { fieldNames, presentNames, shapeOf } from '../normalise/field-names.ts';
import type { LineReader, LineRecord, ReadContext } from './line-reader.ts';
import { stampOf } from './stamp.ts';

const STAMP_KEYS = fieldNames('time', 'timestamp', '@timestamp', 'ts', '@t', 'datetime', 'date', 'eventTime', 'asctime', 't');
const TEXT_KEYS = fieldNames('msg', 'message', '@m', '@mt', 'log', 'text', 'body', 'short_message', 'event', 'MESSAGE');
const LEVEL_KEYS = fieldNames(
  'level',
  'severity',
  'log.level',
  'loglevel',
  'lvl',
  '@l',
  'levelname',
  'severity_text',
  'severityText',
  'PRIORITY',
);

/**
 * One JSON object a line: pino, bunyan, winston, ECS, the beat log, compact Serilog, and any other.
 * The dialects differ in spelling only; `format` names the one that was seen.
 */
export const jsonLineReader: LineReader = {
  name: 'json',
  exclusive: true,
  read(line, context) {
    if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
    const value = parseObject(line);
    return value === undefined ? undefined : recordOf(value, context);
  },
};

/** The object that a text holds, or undefined where it is not one (torn lines, arrays, scalars). */
export function parseObject(text: string): Record<string, Json> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function recordOf(value: Record<string, Json>, context: ReadContext): LineRecord {
  return { text: firstText(value), fields: value, format: dialect(value), stamp: firstStamp(value, context), level: firstLevel(value) };
}

function dialect(value: Record<string, Json>): string {
  if (typeof value.level === 'number') return typeof value.v === 'number' && 'hostname' in value && 'name' in value ? 'bunyan' : 'pino';
  if ('@timestamp' in value && ('ecs.version' in value || 'ecs' in value || 'log.level' in value || 'log' in value || 'event' in value)) {
    return 'ecs';
  }
  if ('@t' in value || '@mt' in value) return 'serilog-json';
  if (typeof value.level === 'string' && 'message' in value) return 'winston';
  if ('timestamp' in value && typeof value.event === 'string') return 'beat-log';
  return 'json';
}

function firstText(value: Record<string, Json>): string {
  for (const { whole } of presentNames(shapeOf(value), TEXT_KEYS)) {
    const text = value[whole];
    if (typeof text === 'string' && text !== '') return text;
  }
  return '';
}

function firstStamp(value: Record<string, Json>, context: ReadContext): number | undefined {
  for (const { whole } of presentNames(shapeOf(value), STAMP_KEYS)) {
    const stamp = stampOf(value[whole], context.reference);
    if (stamp !== undefined) return stamp;
  }
  return undefined;
}

function firstLevel(value: Record<string, Json>): string | number | undefined {
  for (const { whole } of presentNames(shapeOf(value), LEVEL_KEYS)) {
    const level = value[whole];
    if (typeof level === 'string' || typeof level === 'number') return level;
  }
  const log = value.log;
  if (isObject(log) && typeof log.level === 'string') return log.level;
  return undefined;
}

export function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
