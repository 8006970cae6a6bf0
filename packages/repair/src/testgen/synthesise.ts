import { type LiteralStyle, toStringLiteral } from './literal.ts';
import type { Shape } from './shape.ts';

/** The smallest value of a shape, as source code. `undefined` for what is missing. */
export function synthesise(shape: Shape, name: string, style: LiteralStyle, depth = 0): string {
  switch (shape.kind) {
    case 'missing':
      return 'undefined';
    case 'object':
      return objectOf(shape.members, style, depth);
    case 'list':
      return shape.item.kind === 'missing' ? '[]' : `[${synthesise(shape.item, singular(name), style, depth + 1)}]`;
    case 'text':
      return toStringLiteral(shape.value ?? textFor(name), style.quote);
    case 'number':
      return String(shape.value ?? 1);
    case 'truth':
      return 'true';
    case 'function':
      return `${shape.promise ? 'async ' : ''}() => ${wrapped(synthesise(shape.gives.kind === 'any' ? { kind: 'missing' } : shape.gives, name, style, depth + 1))}`;
    case 'any':
      return guess(name, style);
  }
}

function objectOf(members: ReadonlyMap<string, Shape>, style: LiteralStyle, depth: number): string {
  const parts = [...members].flatMap(([key, shape]) =>
    shape.kind === 'missing'
      ? []
      : [`${/^[A-Za-z_$][\w$]*$/.test(key) ? key : toStringLiteral(key, style.quote)}: ${synthesise(shape, key, style, depth + 1)}`],
  );
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** An object literal as the body of an arrow function needs parentheses. */
function wrapped(code: string): string {
  return code.startsWith('{') ? `(${code})` : code;
}

/** A plausible value for a name of which nothing else is known. */
function guess(name: string, style: LiteralStyle): string {
  if (/^(is|has|should|can|enabled?|active)/.test(name)) return 'true';
  if (/(count|total|amount|price|cents|quantity|qty|size|age|index|number|weight|limit|offset|page|ms)$/i.test(name)) return '1';
  if (/(items|lines|list|entries|rows|orders|users|products|s)$/.test(name) && !/(ss|us|is|status|address)$/i.test(name)) return '[]';
  return toStringLiteral(textFor(name), style.quote);
}

function textFor(name: string): string {
  if (/e-?mail/i.test(name)) return 'user@example.com';
  if (/(date|At|time)$/.test(name)) return '2026-01-15T12:00:00.000Z';
  if (/url|href/i.test(name)) return 'https://example.com/';
  if (/id$/i.test(name)) return '1';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : 'x';
}

function singular(name: string): string {
  return /[^s]s$/.test(name) ? name.slice(0, -1) : 'item';
}
