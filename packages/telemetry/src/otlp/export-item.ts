import type { Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { objects } from '../readers/otlp-attributes.ts';
import type { Signal } from './signal.ts';

export type Fields = Record<string, Json>;

/** One span, log record or metric of an export request, with what it shares with others of the request. In OTLP/JSON. */
export interface ExportItem {
  readonly resource: Fields;
  readonly scope: Fields;
  readonly item: Fields;
}

const NO_ID = /^0*$/;

/** How many records of the request an item is: a metric has many data points. */
export function recordsIn(signal: Signal, item: Fields): number {
  return signal === 'metrics' ? pointsOf(item).length : 1;
}

/** Why an item cannot be taken, though the request is well-formed. */
export function faultOf(signal: Signal, item: Fields): string | undefined {
  if (signal !== 'traces') return undefined;
  const { traceId, spanId } = item;
  if (typeof traceId !== 'string' || !/^[0-9a-f]{32}$/i.test(traceId) || NO_ID.test(traceId)) return 'traceId is not 16 bytes, or all zero';
  if (typeof spanId !== 'string' || !/^[0-9a-f]{16}$/i.test(spanId) || NO_ID.test(spanId)) return 'spanId is not 8 bytes, or all zero';
  return undefined;
}

/** Whether a second item that is alike can only be the same one delivered again: it has ids, or a time to the nanosecond. */
export function isUnique(signal: Signal, item: Fields): boolean {
  if (signal === 'traces') return true;
  if (signal === 'logs') return isTime(item.timeUnixNano) || isTime(item.observedTimeUnixNano);
  return pointsOf(item).every((point) => isTime(point.timeUnixNano));
}

function pointsOf(metric: Fields): Fields[] {
  const data = [metric.gauge, metric.sum, metric.histogram, metric.exponentialHistogram, metric.summary].find(isObject);
  return objects(data?.dataPoints);
}

function isTime(value: Json | undefined): boolean {
  return (typeof value === 'string' && !NO_ID.test(value)) || (typeof value === 'number' && value !== 0);
}
