import { PLACEHOLDER } from './placeholder.ts';
import type { SecretSpan } from './secret-span.ts';
import type { SecretKind } from './sensitive-keys.ts';

const MAX_VALUE = 65_536;
const HARMLESS_WORDS =
  /^(?:true|false|null|undefined|none|nil|yes|no|missing|invalid|valid|required|expired|empty|present|absent|set|unset|changed|reset|wrong|incorrect|must|is|was|not|does|has|the|for|and|or|string|number|object|redacted|hidden|masked|\[?redacted\]?|\*+|x{3,}|<[\w*: -]*>?|\[object|function|disabled|enabled|unknown|ok|failed|rejected|denied|basic|bearer)$/i;
/** A name of the value in place of the value: a variable, a format's slot. */
const REFERENCE =
  /^(?:\$[A-Za-z_][A-Za-z_0-9]*$|\$\{[^{}]*\}?$|\{\{|%[sdvq]\b|%\(|process\.env|import\.meta|os\.|env\.|env\(|getenv|System\.|vault:|ref:|arn:)/;

/** A span over a value, unless the value can be no secret: too short, a word that says there is none, already replaced. */
export function namedValueSpan(line: string, start: number, end: number, kind: SecretKind, quote: boolean): SecretSpan[] {
  const value = line.slice(start, end);
  const shortest = kind === 'password' || kind === 'card' ? 3 : kind === 'session' || kind === 'cookie' ? 6 : 5;
  if (value.length < shortest || HARMLESS_WORDS.test(value) || REFERENCE.test(value) || PLACEHOLDER.test(value)) return [];
  if (kind === 'card' && !/\d{3}/.test(value)) return [];
  if ((kind === 'auth' || kind === 'session') && /^(?:[a-z]+(?:[ _-][a-z]+){0,2}|[A-Z]+)$/.test(value) && value.length < 16) return [];
  return [{ start, end, kind, quote }];
}

/** End of a string opened by `quote`: a quote of its kind behind exactly as many backslashes, modulo escaped backslashes of its depth. */
export function textEnd(line: string, from: number, quote: string): number {
  const limit = Math.min(line.length, from + MAX_VALUE);
  if (/^[%&]/.test(quote)) {
    const end = line.indexOf(quote, from);
    return end < 0 || end > limit ? limit : end;
  }
  const depth = quote.length - 1;
  const mark = quote.charCodeAt(depth);
  const period = (depth + 1) * 2;
  let backslashes = 0;
  for (let at = from; at < limit; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 92) backslashes += 1;
    else {
      if (code === mark && backslashes % period === depth) return at - depth;
      backslashes = 0;
    }
  }
  return limit;
}
