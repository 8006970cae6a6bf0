import { PLACEHOLDER } from './placeholder.ts';
import { keyHint, type SecretKind, sensitiveKey } from './sensitive-keys.ts';

export interface SecretSpan {
  start: number;
  end: number;
  kind: SecretKind;
  /** The value was a bare JSON scalar: the placeholder needs quotes of its own. */
  quote: boolean;
}

const KEY_CHAR = /[\w.@-]/;
const MAX_KEY = 80;
const MAX_VALUE = 65_536;
const HARMLESS_WORDS =
  /^(?:true|false|null|undefined|none|nil|yes|no|missing|invalid|valid|required|expired|empty|present|absent|set|unset|changed|reset|wrong|incorrect|must|is|was|not|does|has|the|for|and|or|string|number|object|redacted|hidden|masked|\[?redacted\]?|\*+|x{3,}|<[\w*: -]*>?|\[object|function|disabled|enabled|unknown|ok|failed|rejected|denied|basic|bearer)$/i;

/**
 * Finds the values of sensitive keys in any of the usual spellings: JSON (plain, or escaped within a string at any depth),
 * `key=value`, `key: value`, quoted or not, URL queries, headers. Hand-written: each character is looked at a bounded number of times.
 */
export function secretValues(line: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  let from = 0;
  keyHint.lastIndex = 0;
  for (let hint = keyHint.exec(line); hint !== null; hint = keyHint.exec(line)) {
    if (hint.index < from) continue;
    const end = keyEnd(line, hint.index + hint[0].replace(/[=:"]$/, '').length);
    const start = keyStart(line, hint.index, from);
    keyHint.lastIndex = Math.max(end, hint.index + 1);
    const kind = line.startsWith('<redacted:', start - 10) ? undefined : sensitiveKey(line.slice(start, end));
    if (kind === undefined) continue;
    const found = valuesAfter(line, end, kind);
    for (const span of found) {
      spans.push(span);
      from = span.end;
    }
    if (found.length > 0) keyHint.lastIndex = from;
  }
  return spans;
}

function keyStart(line: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < MAX_KEY && KEY_CHAR.test(line[start - 1] ?? '')) start -= 1;
  // The `n` of a JSON `\n` in front of a key is no part of it.
  if (line[start - 1] === '\\' && /[nrt]/.test(line[start] ?? '')) start += 1;
  return start;
}

function keyEnd(line: string, at: number): number {
  let end = at;
  while (end < line.length && end - at < MAX_KEY && KEY_CHAR.test(line[end] ?? '')) end += 1;
  return end;
}

function valuesAfter(line: string, keyEndsAt: number, kind: SecretKind): SecretSpan[] {
  const closing = quoteAt(line, keyEndsAt);
  let at = skipBlanks(line, closing === undefined ? keyEndsAt : closing.end);
  if (closing === undefined && line[at] === ']') at += 1;
  const separator = line[at];
  if (separator !== '=' && separator !== ':') return [];
  at += separator === '=' && line[at + 1] === '>' ? 2 : 1;
  at = skipBlanks(line, at);
  if (line[at] === '[') return arrayValues(line, at + 1, kind);
  const quote = quoteAt(line, at);
  if (quote !== undefined) return span(line, quote.end, stringEnd(line, quote.end, quote.text), kind, false);
  if (closing !== undefined) return scalarValue(line, at, kind, closing.text.length > 1);
  return bareValue(line, at, kind, separator);
}

/** A quote with the backslashes that escape it: `"`, `\"`, `\\\"`, `'`. */
function quoteAt(line: string, at: number): { text: string; end: number } | undefined {
  let end = at;
  while (line.charCodeAt(end) === 92) end += 1;
  const quote = line[end];
  return quote === '"' || quote === "'" || (quote === '`' && end === at) ? { text: line.slice(at, end + 1), end: end + 1 } : undefined;
}

/** End of a string opened by `quote`: a quote of its kind behind exactly as many backslashes, modulo escaped backslashes of its depth. */
function stringEnd(line: string, from: number, quote: string): number {
  const depth = quote.length - 1;
  const mark = quote[depth] ?? '"';
  const limit = Math.min(line.length, from + MAX_VALUE);
  const period = (depth + 1) * 2;
  for (let at = line.indexOf(mark, from); at >= 0 && at < limit; at = line.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && line.charCodeAt(at - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % period === depth) return at - depth;
  }
  return limit;
}

function arrayValues(line: string, from: number, kind: SecretKind): SecretSpan[] {
  const spans: SecretSpan[] = [];
  let at = skipBlanks(line, from);
  for (let quote = quoteAt(line, at); quote !== undefined && spans.length < 100; quote = quoteAt(line, at)) {
    const end = stringEnd(line, quote.end, quote.text);
    spans.push(...span(line, quote.end, end, kind, false));
    at = skipBlanks(line, end + quote.text.length);
    if (line[at] !== ',') break;
    at = skipBlanks(line, at + 1);
  }
  return spans;
}

/** A JSON number under a key whose numbers are secrets. Within an escaped document the quotes would break it: digits stay a number there. */
function scalarValue(line: string, at: number, kind: SecretKind, escaped: boolean): SecretSpan[] {
  if (kind !== 'password' && kind !== 'card') return [];
  const match = /^-?\d{3,30}(?=\s*[,}\]])/.exec(line.slice(at, at + 40));
  return match === null || escaped ? [] : [{ start: at, end: at + match[0].length, kind, quote: true }];
}

function bareValue(line: string, at: number, kind: SecretKind, separator: string): SecretSpan[] {
  const wholeLine =
    kind === 'cookie' ||
    (kind === 'auth' &&
      /authorization$/i.test(
        line
          .slice(0, at)
          .replace(/["'\s:=>]+$/, '')
          .slice(-20),
      ));
  const stop = wholeLine ? /["'\\`]|$/ : separator === '=' ? /[\s"'&;,)\]}\\<>`|]|$/ : /[\s"',;)\]}\\<>`|]|$/;
  const text = line.slice(at, at + 4096);
  const end = at + (stop.exec(text)?.index ?? text.length);
  const value = line.slice(at, end).trimEnd();
  if (wholeLine) {
    const scheme = /^(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate|AWS4-HMAC-SHA256) +/i.exec(value);
    if (kind === 'auth' && scheme === null && separator === ':' && !looksSecret(value)) return [];
    if (kind === 'cookie' && !value.includes('=')) return [];
    return span(line, at + (scheme?.[0].length ?? 0), at + value.length, kind, false);
  }
  // Prose ("Invalid password: must be longer", "Unexpected token: foo") has words where a secret would stand.
  if (separator === ':' && line[at - 1] === ' ' && !looksSecret(value)) return [];
  if (/[({]/.test(value) || (line[end] === '(' && separator === '=')) return [];
  return span(line, at, end, kind, false);
}

function looksSecret(value: string): boolean {
  return (
    value.length >= 4 &&
    (/\d/.test(value) || /[^A-Za-z0-9\s.,:_-]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1))) || value.length >= 20)
  );
}

function span(line: string, start: number, end: number, kind: SecretKind, quote: boolean): SecretSpan[] {
  const value = line.slice(start, end);
  const shortest = kind === 'password' || kind === 'card' ? 3 : kind === 'session' || kind === 'cookie' ? 6 : 5;
  if (value.length < shortest || HARMLESS_WORDS.test(value) || PLACEHOLDER.test(value)) return [];
  if (kind === 'card' && !/\d{3}/.test(value)) return [];
  if ((kind === 'auth' || kind === 'session') && /^(?:[a-z]+(?:[ _-][a-z]+){0,2}|[A-Z]+)$/.test(value) && value.length < 16) return [];
  return [{ start, end, kind, quote }];
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at += 1;
  return at;
}
