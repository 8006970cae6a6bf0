import type { Json } from '@selfheal/contracts';

const MAX_DEPTH = 12;
const MAX_ITEMS = 24;
const MAX_KEYS = 60;
const MAX_TEXT = 2_000;

/**
 * A logged value made fit for a test file: capped in depth and size, and with values in place of redaction marks, so that code which
 * looks at them still works. Undefined where it is too large to stand in a test.
 */
export function fitForTest(value: Json | undefined, maxChars = 8_000): Json | undefined {
  if (value === undefined) return undefined;
  const fitted = fit(value, '', 0);
  return JSON.stringify(fitted).length <= maxChars ? fitted : undefined;
}

function fit(value: Json, key: string, depth: number): Json {
  if (depth > MAX_DEPTH) return null;
  if (typeof value === 'string') return isRedacted(value) ? standIn(key) : value.slice(0, MAX_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => fit(item, key, depth + 1));
  const members = Object.entries(value).slice(0, MAX_KEYS);
  return Object.fromEntries(members.map(([name, item]) => [name, fit(item, name, depth + 1)]));
}

/** Marks that redaction leaves: `[REDACTED]`, `<redacted:ab12>`, `***`, `[Filtered]`, `«secret:...»`. */
export function isRedacted(text: string): boolean {
  return (
    /^\W?\*{3,}$|^[[<({«]+\s*(redacted|filtered|masked|removed|hidden|secret|email|token|card|ip|phone|password|key|pii)\b[^\]>)}»]*[\]>)}»]+$/i.test(
      text,
    ) || /^redacted\b/i.test(text)
  );
}

const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/e-?mail/i, 'user@example.com'],
  [/phone|mobile/i, '+15550100'],
  [/card|iban|account/i, '4111111111111111'],
  [/date|time|at$/i, '2026-01-15T12:00:00.000Z'],
  [/url|link|href/i, 'https://example.com/'],
  [/ip$|ipAddress/i, '192.0.2.1'],
  [/id$/i, 'id-1'],
  [/name/i, 'Ada Example'],
];

function standIn(key: string): string {
  return STAND_INS.find(([pattern]) => pattern.test(key))?.[1] ?? 'redacted';
}
