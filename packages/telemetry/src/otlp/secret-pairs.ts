import type { Json } from '@selfheal/contracts';
import { sensitiveKey } from '@selfheal/redaction';
import { isObject, parseObject } from '../readers/json-line.ts';
import type { Fields } from './export-item.ts';

/** Replaces the secrets in a text. */
export type Redact = (text: string) => string;

/**
 * OTLP holds `password=hunter2` as `{"key":"password","value":{"stringValue":"hunter2"}}`, where key and secret do not stand side by
 * side. Attributes of a sensitive name are redacted as the pair that they are. Changes `value` in place.
 */
export function hideSecretPairs(value: Json, redact: Redact): void {
  if (Array.isArray(value)) for (const entry of value) hideSecretPairs(entry, redact);
  if (!isObject(value)) return;
  const { key, value: held } = value;
  if (typeof key === 'string' && isObject(held) && sensitiveKey(key) !== undefined) hideValue(key, held, redact);
  for (const name in value) {
    const entry = value[name];
    if (typeof entry === 'object' && entry !== null) hideSecretPairs(entry, redact);
  }
}

function hideValue(key: string, held: Fields, redact: Redact): void {
  for (const kind of ['stringValue', 'intValue', 'bytesValue'] as const) {
    const plain = held[kind];
    if (typeof plain !== 'string' && typeof plain !== 'number') continue;
    const hidden = redacted(key, String(plain), redact);
    if (hidden === plain || hidden === String(plain)) continue;
    delete held[kind];
    held.stringValue = hidden;
  }
  const { values } = isObject(held.arrayValue) ? held.arrayValue : { values: undefined };
  if (Array.isArray(values)) for (const entry of values) if (isObject(entry)) hideValue(key, entry, redact);
}

/** As the redaction of lines sees it: a pair of a JSON object. */
function redacted(key: string, plain: string, redact: Redact): string {
  const pair = parseObject(redact(JSON.stringify({ [key]: plain })));
  if (pair === undefined) return '<redacted>';
  const hidden = pair[key];
  return typeof hidden === 'string' ? hidden : plain;
}
