import type { Json } from '@selfheal/contracts';

export interface LiteralStyle {
  readonly quote: "'" | '"';
  readonly indent: string;
}

const LINE = 100;

/**
 * A JSON value as source code: a literal and nothing else, whatever the value holds. Lines are broken where one would be too long;
 * continuation lines start with `base`.
 */
export function toLiteral(value: Json, style: LiteralStyle, base = ''): string {
  const flat = inline(value, style);
  if (base.length + flat.length <= LINE || typeof value !== 'object' || value === null) return flat;
  const inner = base + style.indent;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${toLiteral(item, style, inner)},\n`).join('')}${base}]`;
  }
  const members = Object.entries(value).map(([key, item]) => `${inner}${toKey(key, style)}: ${toLiteral(item, style, inner)},\n`);
  return `{\n${members.join('')}${base}}`;
}

/** Text as a string literal in the file's quotes. Nothing in it can end the literal or hide from a reader. */
export function toStringLiteral(text: string, quote: "'" | '"'): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(quote, `\\${quote}`)
    // Invisible and direction characters would make the test read other than it runs.
    .replace(
      /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/gu,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return quote + escaped + quote;
}

function inline(value: Json, style: LiteralStyle): string {
  if (typeof value === 'string') return toStringLiteral(value, style.quote);
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, style)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  const members = Object.entries(value).map(([key, item]) => `${toKey(key, style)}: ${inline(item, style)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A member's name. `__proto__` is computed, for as a plain key it would set the prototype. */
function toKey(key: string, style: LiteralStyle): string {
  if (key === '__proto__') return `[${toStringLiteral(key, style.quote)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : toStringLiteral(key, style.quote);
}
