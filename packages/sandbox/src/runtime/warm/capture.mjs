/** Values as text, for comparison and for people; and arguments as bytes, to be called with again. */

import { inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';

const MOST_CHARACTERS = 2_000;
const MOST_BYTES = 20_000;

export function capture(value) {
  try {
    const text = inspect(value, {
      depth: 6,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 200,
      maxStringLength: 1_000,
      sorted: true,
    });
    return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  } catch {
    return '<unprintable>';
  }
}

/** Base64 of a structured clone; undefined for what cannot be cloned (functions, sockets) or is large. */
export function encode(value) {
  try {
    const bytes = serialize(value);
    return bytes.length > MOST_BYTES ? undefined : bytes.toString('base64');
  } catch {
    return undefined;
  }
}

export function decode(text) {
  return deserialize(Buffer.from(text, 'base64'));
}
