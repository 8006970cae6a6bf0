import type { Json } from '@selfheal/contracts';
import { fieldNames, presentNames, shapeOf } from '../normalise/field-names.ts';
import { isAtLeast, severityOf } from '../normalise/severity.ts';
import { isObject } from '../readers/json-line.ts';
import type { LineRecord } from '../readers/line-reader.ts';
import { findHeader, type ParsedError, parseStack } from '../stack/parse-stack.ts';

type Fields = Record<string, Json>;

const ERROR_KEYS = ['err', 'error', 'exception', 'e', 'reason', 'failure'];
const HOLDERS = ['context', 'meta', 'metadata', 'extra', 'data', 'details', 'attributes'];
const STACK_KEYS = [
  'stack',
  'stack_trace',
  'stackTrace',
  'stacktrace',
  'error.stack_trace',
  'error.stack',
  'exception.stacktrace',
  '@x',
  'exc_info',
  'err.stack',
];
const STACKS: ReadonlySet<string> = new Set(STACK_KEYS);
const ERRORS: ReadonlySet<string> = new Set(ERROR_KEYS);
const WHERE_ERRORS = fieldNames(...ERROR_KEYS, ...STACK_KEYS, ...HOLDERS, 'exception.message', 'error.message');
/** Values that say there was none. */
const NO_ERROR = /^\s*(?:none|null|nil|no|false|ok|undefined|n\/a|-|0)?\s*$/i;
const FRAME = /\n\s*at /;
const MAX_MESSAGE = 4096;

/** The error that a record tells of: a stack under a text line, an error object or a stack among the fields. */
export function errorOfRecord(record: LineRecord, rest: readonly string[]): ParsedError | undefined {
  if (rest.length > 0) {
    const joined = parseStack([record.text, ...rest].join('\n'));
    if (joined !== undefined) return joined;
  }
  const told = mayTellError(record.fields) ? errorOfFields(record.fields, 0) : undefined;
  return told ?? errorOfText(record);
}

/** Whether an error can stand among the fields. Records of one logger share their keys, so it is looked up by these. */
function mayTellError(fields: Fields): boolean {
  return presentNames(shapeOf(fields), WHERE_ERRORS).length > 0;
}

/** The fields without stacks: what they said is in the error, mapped. Itself where there is none. */
export function withoutStacks(fields: Fields): Fields {
  if (!mayTellError(fields) || !Object.keys(fields).some((key) => STACKS.has(key) || (ERRORS.has(key) && isObject(fields[key]))))
    return fields;
  const result: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (STACKS.has(key)) continue;
    result[key] = ERRORS.has(key) && isObject(value) ? withoutStacks(value) : value;
  }
  return result;
}

function errorOfFields(fields: Fields, depth: number): ParsedError | undefined {
  for (const key of ERROR_KEYS) {
    const value = fields[key];
    if (isObject(value)) {
      const error = errorOfObject(value, 0);
      if (error !== undefined) return error;
    } else if (typeof value === 'string' && !NO_ERROR.test(value) && key !== 'e' && key !== 'reason' && key !== 'failure') {
      return errorOfString(value, fields);
    }
  }
  const stack = STACK_KEYS.map((key) => fields[key]).find((value) => typeof value === 'string' && value !== '');
  if (typeof stack === 'string') return errorOfStack(stack, fields);
  if (typeof fields['exception.message'] === 'string' || typeof fields['error.message'] === 'string') return errorOfObject(flat(fields), 0);
  if (depth > 0) return undefined;
  for (const key of HOLDERS) {
    const held = fields[key];
    const error = isObject(held) ? errorOfFields(held, depth + 1) : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}

function errorOfObject(value: Fields, depth: number): ParsedError | undefined {
  const stack = [value.stack, value.stack_trace, value.stackTrace, value.stacktrace].find(
    (text) => typeof text === 'string' && text !== '',
  );
  const parsed = typeof stack === 'string' ? parseStack(stack) : undefined;
  const message = firstText(value.message, value.msg, value.reason) ?? parsed?.message;
  if (message === undefined && parsed === undefined) return undefined;
  const type =
    parsed?.type !== undefined && parsed.type !== 'Error'
      ? parsed.type
      : (firstText(value.type, value.name, value.class) ?? parsed?.type ?? 'Error');
  const code = firstText(value.code, value.errno) ?? parsed?.code;
  const cause = isObject(value.cause) && depth < 3 ? errorOfObject(value.cause, depth + 1) : parsed?.cause;
  return {
    type: type === 'Object' ? 'Error' : type,
    message: (message ?? '').slice(0, MAX_MESSAGE),
    ...(code === undefined ? {} : { code }),
    frames: parsed?.frames ?? [],
    ...(cause === undefined ? {} : { cause }),
  };
}

function errorOfString(text: string, fields: Fields): ParsedError {
  const stack = STACK_KEYS.map((key) => fields[key]).find((value) => typeof value === 'string' && value !== '');
  const parsed = parseStack(FRAME.test(text) ? text : typeof stack === 'string' ? stack : text);
  return parsed ?? { type: 'Error', message: text.slice(0, MAX_MESSAGE), frames: [] };
}

function errorOfStack(stack: string, fields: Fields): ParsedError | undefined {
  const parsed = parseStack(stack);
  if (parsed === undefined) return undefined;
  const type = firstText(fields['exception.type'], fields['error.type']) ?? parsed.type;
  const message = firstText(fields['exception.message'], fields['error.message']) ?? parsed.message;
  return { ...parsed, type, message: message.slice(0, MAX_MESSAGE) };
}

/** A stack or header within the message itself. Lines below severity error may quote what a user sent: they are not believed. */
function errorOfText(record: LineRecord): ParsedError | undefined {
  const severity = severityOf(record.level);
  if (severity !== undefined && !isAtLeast(severity, 'error')) return undefined;
  if (FRAME.test(record.text)) return parseStack(record.text);
  const header = record.text.length < MAX_MESSAGE ? findHeader(record.text) : undefined;
  return header === undefined ? undefined : { ...header, frames: [] };
}

function flat(fields: Fields): Fields {
  return {
    type: fields['exception.type'] ?? fields['error.type'] ?? null,
    message: fields['exception.message'] ?? fields['error.message'] ?? null,
    code: fields['error.code'] ?? null,
  };
}

function firstText(...values: (Json | undefined)[]): string | undefined {
  for (const value of values) {
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}
