import type { Json } from '@selfheal/contracts';
import { type FieldNames, fieldNames } from './field-names.ts';
import type { FieldView } from './field-view.ts';

/** Field names by the unit that their name tells. Those without a unit hold milliseconds, unless their text names one. */
const NAMES: readonly { readonly toMs: number; readonly names: FieldNames }[] = [
  {
    toMs: 1,
    names: fieldNames(
      'durationMs',
      'duration_ms',
      'responseTime',
      'response_time',
      'responseTimeMs',
      'response_time_ms',
      'elapsedMs',
      'elapsed_ms',
      'latencyMs',
      'latency_ms',
    ),
  },
  {
    toMs: 1e-6,
    names: fieldNames('event.duration', 'durationNs', 'duration_ns', 'durationNanos', 'duration_nanos', 'elapsed_ns', 'latency_ns'),
  },
  { toMs: 1e-3, names: fieldNames('durationUs', 'duration_us', 'durationMicros', 'elapsed_us', 'latency_us') },
  {
    toMs: 1000,
    names: fieldNames(
      'durationSeconds',
      'duration_seconds',
      'duration_s',
      'durationS',
      'elapsed_seconds',
      'elapsedSeconds',
      'latency_seconds',
      'request_time',
      'seconds',
    ),
  },
  {
    toMs: 1,
    names: fieldNames(
      'duration',
      'elapsed',
      'took',
      'latency',
      'timeTaken',
      'time_taken',
      'processingTime',
      'processing_time',
      'executionTime',
      'execution_time',
      'ms',
      'time_ms',
      'Elapsed',
    ),
  },
];
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  msec: 1,
  millis: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const AMOUNT = /^([\d.]+(?:e[+-]?\d+)?)\s*([a-zµ]*)$/i;
const PARTS = /([\d.]+)\s*(h|m(?!s)|s|ms|us|µs|ns)/g;
const CLOCK = /^(\d+):(\d{2}):(\d{2})(\.\d+)?$/;

/** Milliseconds that a record took, whatever it calls them. */
export function durationOf(view: FieldView): number | undefined {
  for (let index = 0; index < NAMES.length; index += 1) {
    const told = NAMES[index];
    const value = told === undefined ? undefined : view.value(told.names);
    const ms = value === undefined || told === undefined ? undefined : millisecondsOf(value, told.toMs);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** `12`, `"12ms"`, `"1.5s"`, `"1m30s"`, `"00:00:01.5"`, `{ ms: 12 }`. `toMs` is the unit where the value names none. */
export function millisecondsOf(value: Json | undefined, toMs: number): number | undefined {
  if (typeof value === 'number') return nonNegative(value * toMs);
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const text = value.trim();
  const amount = AMOUNT.exec(text);
  if (amount !== null) {
    const unit = amount[2] === '' ? toMs : UNITS[(amount[2] ?? '').toLowerCase()];
    return unit === undefined ? undefined : nonNegative(Number(amount[1]) * unit);
  }
  const clock = CLOCK.exec(text);
  if (clock !== null)
    return nonNegative((Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) + Number(clock[4] ?? 0)) * 1000);
  const parts = [...text.matchAll(PARTS)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('').length < text.replaceAll(' ', '').length) return undefined;
  return nonNegative(parts.reduce((sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0), 0));
}

function nonNegative(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
