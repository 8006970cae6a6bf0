import { createHash } from 'node:crypto';
import type { StackFrame, TelemetryError } from '@selfheal/contracts';

/** Messages of the engine whose quoted names are names in the code: they tell causes apart and stay. */
const ENGINE_MESSAGE =
  /^(?:[A-Za-z]{0,40}Error: )?(?:Cannot (?:read|set|delete|redefine|destructure|assign|add|access|convert)\b|.{0,200} (?:is|are) not (?:a function|a constructor|defined|iterable|extensible|an object|async iterable)\b|Assignment to constant|Class (?:extends|constructor)|Invalid (?:array length|time value|date)|Maximum call stack|(?:undefined|null) (?:is not|has no)|Reduce of empty array|Unexpected (?:end of|non-whitespace))/i;

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/<redacted:[a-z-]+:[0-9a-f]{8}>/g, '<*>'],
  [/\bhttps?:\/\/[^\s"'<>)]+/g, '<*>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<*>'],
  [/[^\s"'<>@]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}/g, '<*>'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?/g, '<*>'],
  [/\b0x[0-9a-f]{1,16}\b/gi, '<*>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<*>'],
  [/(?<![\w<])(?:[A-Za-z]:)?(?:[\\/][\w.@-]{1,128}){2,40}/g, '<*>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,128}\b/gi, '<*>'],
];
/** Quoted names of what a schema or a package holds tell causes apart like names in the code. */
const NAMED =
  /(?<=\b(?:column|relation|table|constraint|index|schema|database|role|type|function|operator|trigger|package|module|plugin) )(?:"[\w.@/-]{1,100}"|'[\w.@/-]{1,100}'|`[\w.@/-]{1,100}`)/gi;
const QUOTED = /"(?:[^"\\]|\\.){0,2000}"|'(?:[^'\\\n]|\\.){0,2000}'(?!\w)|`[^`\n]{0,2000}`/g;
const NUMBERED_ID = /\b[A-Za-z]{1,16}[-_#]\d+\b/g;
const NUMBER = /(?<![\w<])[-+]?\d+(?:[.,]\d+)*(?:%|[a-zµ]{1,3})?(?![\w>])/g;
const MAX_LENGTH = 500;

/** An error's message without what varies from one occurrence to the next: quoted values, numbers, ids, paths, addresses become `<*>`. */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, 4096).replace(/\s+/g, ' ').trim();
  const engine = ENGINE_MESSAGE.test(text);
  for (const [pattern, mask] of MASKS) text = text.replace(pattern, mask);
  if (engine)
    return text.replace(/'([^']{0,200})'/g, (whole, name: string) => (/\d{3,}/.test(name) ? "'<*>'" : whole)).slice(0, MAX_LENGTH);
  text = text.replace(/^Unexpected token .{1,8}? in JSON/, 'Unexpected token <*> in JSON');
  const named = new Set(text.match(NAMED));
  text = text.replace(QUOTED, (quoted) => (named.has(quoted) ? quoted : `${quoted[0]}<*>${quoted.at(-1)}`));
  text = text.replace(NUMBERED_ID, '<*>').replace(NUMBER, '<*>');
  return text.replace(/<\*>(?:[, ]+<\*>)+/g, '<*>').slice(0, MAX_LENGTH);
}

/**
 * Groups equal errors: type, normalised message and the function and file that the first frame of the application names; and the same
 * of what caused it, which tells apart the failures that one wrapper passes on. No line numbers: they move.
 */
export function fingerprintOf(
  type: string,
  normalisedMessage: string,
  frames: readonly StackFrame[],
  cause?: NonNullable<TelemetryError['cause']>,
): string {
  const own = [type, normalisedMessage, ...placeOf(frames)];
  const behind = cause === undefined ? [] : [cause.type, normaliseMessage(cause.message), ...placeOf(cause.frames)];
  return createHash('sha256')
    .update([...own, ...behind].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

function placeOf(frames: readonly StackFrame[]): [file: string, name: string] {
  const place = frames.find((frame) => frame.inApp);
  return [place?.file ?? '', place?.function ?? ''];
}
