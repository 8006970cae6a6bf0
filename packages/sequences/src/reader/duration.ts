/** Durations of our own documents: "250ms", "10s", "1h30m". */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Long names that people write in other tools' documents → units. */
const UNIT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|milliseconds?|millis)$/, 'ms'],
  [/^(?:s|secs?|seconds?)$/, 's'],
  [/^(?:m|mins?|minutes?)$/, 'm'],
  [/^(?:h|hrs?|hours?)$/, 'h'],
  [/^(?:d|days?)$/, 'd'],
  [/^(?:w|weeks?)$/, 'w'],
];

/**
 * Milliseconds of a duration: a number, or a text such as "10s", "1h30m", "5 minutes", "PT5M"; undefined where it is none.
 * @param bareUnitMs what a number without a unit counts, in milliseconds
 */
export function parseDuration(value: unknown, bareUnitMs = 1): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value * bareUnitMs) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * bareUnitMs);
  return sumParts(isoDuration(text) ?? text);
}

/** "pt1h5m" → "1h5m", "p1dt2h" → "1d2h". */
function isoDuration(text: string): string | undefined {
  const parts = /^p(?:(\d+(?:\.\d+)?[dw]))?(?:t((?:\d+(?:\.\d+)?[hms])+))?$/.exec(text);
  return parts ? `${parts[1] ?? ''}${parts[2] ?? ''}` : undefined;
}

function sumParts(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*/gy)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  let sum = 0;
  for (const [, amount, name] of parts) {
    const unit = UNIT_NAMES.find(([pattern]) => pattern.test(name ?? ''))?.[1];
    const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
    if (unitMs === undefined) return undefined;
    sum += Number(amount) * unitMs;
  }
  return Math.round(sum);
}
