import { isUuid, looksRandom, SHORTEST_RANDOM } from './entropy.ts';
import type { SecretSpan } from './secret-span.ts';
import { maybeSensitiveKey, type SecretKind, sensitiveKey } from './sensitive-keys.ts';
import { namedValueSpan, textEnd } from './values.ts';

/** 1 for the characters of keys. */
const KEY_CHARS = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.@-]/.test(String.fromCharCode(code)) ? 1 : 0));
const SENTENCE_END = '.@-';
/** Digits behind a name only count: `password2`, `API_KEY_1`. */
const DIGITS = /[_-]?\d{1,2}(?![\w-])/y;
const MAX_KINDS = 4096;
const kinds = new Map<string, SecretKind | 'weak' | 'none'>();
const MAX_KEY = 80;
const BLANKS = '[ \\t]{0,16}';
const QUOTE = '\\\\{0,15}["\']';
/** Behind a quoted key: `": `, `" => `, `", `; or the key is itself a value: `{"key":"password","value":{"stringValue":`. */
const AFTER_QUOTED = new RegExp(
  `${BLANKS}(?:\\]${BLANKS})?(?:\\)${BLANKS})?(?:,${BLANKS}${QUOTE}?value${QUOTE}?${BLANKS}[:=]${BLANKS}(?:\\{${BLANKS}(?:${QUOTE}arrayValue${QUOTE}${BLANKS}:${BLANKS}\\{${BLANKS}${QUOTE}values${QUOTE}${BLANKS}:${BLANKS}\\[${BLANKS}\\{${BLANKS})?${QUOTE}\\w{1,20}${QUOTE}${BLANKS}:${BLANKS})?|${BLANKS}value=|:{1,3}=|=>|\\|\\|=|[:=]|(,)(?=${BLANKS}${QUOTE}))${BLANKS}`,
  'y',
);
/** Behind a bare key: `=`, `: `, `:=`, `: string = `, `(`, `%3D`, `>`. */
const AFTER_BARE = new RegExp(
  `${BLANKS}(?:\\]${BLANKS})?(?:(?::${BLANKS})?(?:std::)?(?:string|str|String|text|varchar|char|object|var)[\\w*?&\\[\\]]{0,12} ${BLANKS}(?==))?(?::{1,3}=|={1,3}>?|->|\\?=|\\|\\||:|\\((?=${QUOTE})|%3[AaDd]|\\\\u003[aAdD])=?>?${BLANKS}`,
  'y',
);
/** `the password is 'secret'`: a quoted value without blanks. */
const SAID = /[ \t]{1,4}(?:is|was)[ \t]{1,2}["'](?=[^\s"']{4,64}["'])/y;
/** Behind words that name a secret in a sentence or on a command line. */
const IN_PROSE = /(?:[ \t]{1,4}(?:is|was|of|for|with|value|id|used|using|from|set to)\b)?(?:[ \t:-]{1,24}|[ \t]{0,2}[[(<|"'`]{1,2})["'`]?/y;
const MAX_ARRAY = 100;
const MAX_WORD = 16;
const MAX_TOKEN = 512;
const TOKEN_END = /[\s"'&;,()\]}\\<>`|]|$/;
const PROSE_VALUE = /[A-Za-z0-9+/=_~!@#$%^&*-]{8,512}/y;
const CODED_QUOTE = /(?:%22|%27|&quot;|&#39;|&#34;)/y;

/** The secrets under the key whose last word ends at `hintEnd`, in any of the usual spellings. `from`: what is before it was looked at. */
export function valuesOfKey(line: string, hintStart: number, hintEnd: number, from: number): SecretSpan[] {
  if (isKeyCharacter(line, hintEnd) && !endsWithDigits(line, hintEnd) && !endsSentence(line, hintEnd)) return [];
  const end = endOfDigits(line, hintEnd);
  const start = keyStart(line, hintStart, from);
  if (line.startsWith('<redacted:', start - 10)) return [];
  const kind = kindOfKey(line.slice(start, end)) ?? kindOfKey(withWordBefore(line, start, end));
  if (kind === undefined) return [];
  return kind === 'weak' ? valuesAfter(line, start, end, 'key', true) : valuesAfter(line, start, end, kind, false);
}

/** The value under a key that names a service, where it looks random; UUIDs are ids as often as keys, so the key must be the name alone or say key. */
export function valuesOfProvider(line: string, hintStart: number, hintEnd: number, from: number): SecretSpan[] {
  let end = hintEnd;
  while (end < line.length && end - hintEnd < MAX_KEY && isKeyCharacter(line, end)) end += 1;
  const start = keyStart(line, hintStart, from);
  const found = valuesAfter(line, start, end, 'key', true);
  if (found.length > 0 || !(end === hintEnd || /(?:key|token|secret)$/i.test(line.slice(start, end)))) return found;
  return valuesAfter(line, start, end, 'key', false).filter((span) => isUuid(line.slice(span.start, span.end)));
}

/** What a key's name says of its value. Logs repeat their keys, so what was found out is kept. */
function kindOfKey(key: string): SecretKind | 'weak' | undefined {
  const known = kinds.get(key);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const kind = sensitiveKey(key) ?? (maybeSensitiveKey(key) ? 'weak' : undefined);
  if (kinds.size >= MAX_KINDS) kinds.clear();
  kinds.set(key, kind ?? 'none');
  return kind;
}

function isKeyCharacter(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code < 128 && KEY_CHARS[code] === 1;
}

function endsWithDigits(line: string, at: number): boolean {
  return endOfDigits(line, at) > at;
}

function endOfDigits(line: string, at: number): number {
  DIGITS.lastIndex = at;
  return DIGITS.test(line) ? DIGITS.lastIndex : at;
}

function endsSentence(line: string, at: number): boolean {
  return SENTENCE_END.includes(line[at] ?? ' ') && !isKeyCharacter(line, at + 1);
}

function keyStart(line: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < MAX_KEY && isKeyCharacter(line, start - 1)) start -= 1;
  // The `n` of a JSON `\n` in front of a key is no part of it.
  if (line[start - 1] === '\\' && 'nrt'.includes(line[start] ?? ' ')) start += 1;
  return start;
}

/** `API key`, `access token`, `card number`: names of two words. */
function withWordBefore(line: string, start: number, end: number): string {
  let before = start - 1;
  while (before > 0 && start - before < MAX_WORD && isLetter(line, before - 1)) before -= 1;
  return line[start - 1] === ' ' && before < start - 1
    ? `${line.slice(before, start - 1)}_${line.slice(start, end)}`
    : line.slice(start, end);
}

function isLetter(line: string, at: number): boolean {
  const code = line.charCodeAt(at) | 32;
  return code >= 97 && code <= 122;
}

function valuesAfter(line: string, start: number, end: number, kind: SecretKind, weak: boolean): SecretSpan[] {
  const closing = quoteAt(line, end);
  if (closing === undefined) return afterBare(line, start, end, kind, weak);
  const at = skip(AFTER_QUOTED, line, closing.end);
  if (at === undefined) return inProse(line, end, kind);
  if (line[at] === '[') return arrayValues(line, at + 1, kind, weak);
  const quote = quoteAt(line, at);
  if (quote !== undefined) return quoted(line, quote, kind, weak);
  return weak ? [] : scalarValue(line, at, kind, closing.text.length > 1);
}

function afterBare(line: string, start: number, end: number, kind: SecretKind, weak: boolean): SecretSpan[] {
  if (line[end] === '>' && line[start - 1] === '<') return element(line, end + 1, kind, weak);
  const flag = line[start] === '-' && line[end] === ' ';
  const at = flag ? end + 1 : skip(AFTER_BARE, line, end);
  if (at === undefined || at === end) return inProse(line, end, kind);
  if (line[at] === '[') return arrayValues(line, at + 1, kind, weak);
  const quote = quoteAt(line, at);
  if (quote !== undefined) return quoted(line, quote, kind, weak);
  return bareValue(line, at, kind, weak, line.slice(end, at).includes('=') ? '=' : flag ? ' ' : ':');
}

function inProse(line: string, end: number, kind: SecretKind): SecretSpan[] {
  const said = kind === 'password' ? skip(SAID, line, end) : undefined;
  if (said !== undefined) return namedValueSpan(line, said, textEnd(line, said, line[said - 1] ?? '"'), kind, false);
  const at = skip(IN_PROSE, line, end);
  if (at === undefined) return [];
  PROSE_VALUE.lastIndex = at;
  const value = PROSE_VALUE.exec(line)?.[0];
  const shown = value !== undefined && (looksRandom(value) || (kind === 'password' && isStrange(value)));
  return value !== undefined && shown ? namedValueSpan(line, at, at + value.length, kind, false) : [];
}

/** A password in a sentence: letters, digits and signs at once, as words do not have. */
function isStrange(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && /[!@#$%^&*]/.test(value);
}

function element(line: string, at: number, kind: SecretKind, weak: boolean): SecretSpan[] {
  const end = line.indexOf('<', at);
  return end < 0 || end - at > 4096 ? [] : accepted(line, at, end, kind, weak);
}

/** A quote with the backslashes that escape it: `"`, `\"`, `\\\"`, `'`; in URLs and HTML `%22`, `&quot;`. */
function quoteAt(line: string, at: number): { text: string; end: number } | undefined {
  let end = at;
  while (line.charCodeAt(end) === 92) end += 1;
  const quote = line[end];
  if (quote === '"' || quote === "'" || (quote === '`' && end === at)) return { text: line.slice(at, end + 1), end: end + 1 };
  if (end === at && (quote === '%' || quote === '&')) {
    const coded = skip(CODED_QUOTE, line, at);
    if (coded !== undefined) return { text: line.slice(at, coded), end: coded };
  }
  return undefined;
}

function quoted(line: string, quote: { text: string; end: number }, kind: SecretKind, weak: boolean): SecretSpan[] {
  return accepted(line, quote.end, textEnd(line, quote.end, quote.text), kind, weak);
}

function arrayValues(line: string, from: number, kind: SecretKind, weak: boolean): SecretSpan[] {
  const spans: SecretSpan[] = [];
  let at = skipBlanks(line, from);
  for (let quote = quoteAt(line, at); quote !== undefined && spans.length < MAX_ARRAY; quote = quoteAt(line, at)) {
    const end = textEnd(line, quote.end, quote.text);
    spans.push(...accepted(line, quote.end, end, kind, weak));
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

function bareValue(line: string, at: number, kind: SecretKind, weak: boolean, separator: string): SecretSpan[] {
  const wholeLine =
    !weak && (kind === 'cookie' || (kind === 'auth' && /authorization["'\s:=>]*$/i.test(line.slice(Math.max(0, at - 24), at))));
  const stop = wholeLine ? /["'\\`]|$/ : separator === '=' ? /[\s"'&;,)\]}\\<>`|]|%26|$/ : /[\s"',;)\]}\\<>`|]|$/;
  const text = line.slice(at, at + 4096);
  const end = at + (stop.exec(text)?.index ?? text.length);
  const value = line.slice(at, end).trimEnd();
  if (wholeLine) {
    const scheme = /^(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate|NTLM|AWS4-HMAC-SHA256) +/i.exec(value);
    if (kind === 'auth' && scheme === null && separator === ':' && !looksSecret(value)) return [];
    if (kind === 'cookie' && !value.includes('=')) return [];
    return namedValueSpan(line, at + (scheme?.[0].length ?? 0), at + value.length, kind, false);
  }
  // Prose ("Invalid password: must be longer", "Unexpected token: foo") has words where a secret would stand.
  if (separator !== '=' && (separator === ' ' || line[at - 1] === ' ') && !looksSecret(value)) return [];
  if (/[({]/.test(value) || (line[end] === '(' && separator === '=')) return [];
  return accepted(line, at, end, kind, weak);
}

/** A weak key's value counts where it looks random, as far as a token goes: its quote may be closed by none or another. */
function accepted(line: string, start: number, end: number, kind: SecretKind, weak: boolean): SecretSpan[] {
  if (!weak) return namedValueSpan(line, start, end, kind, false);
  if (end - start < SHORTEST_RANDOM) return [];
  const token = TOKEN_END.exec(line.slice(start, Math.min(end, start + MAX_TOKEN)));
  const stop = start + (token?.index ?? 0);
  return looksRandom(line.slice(start, stop)) ? namedValueSpan(line, start, stop, kind, false) : [];
}

function looksSecret(value: string): boolean {
  return (
    value.length >= 4 &&
    (/\d/.test(value) || /[^A-Za-z0-9\s.,:_-]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1))) || value.length >= 20)
  );
}

function skip(pattern: RegExp, line: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : undefined;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at += 1;
  return at;
}
