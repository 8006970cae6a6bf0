import type { ServiceLog, ServiceMetric, ServiceSpan } from '@selfheal/contracts';
import { serviceOfPod } from './pod-service.ts';

/** What a CSV file holds, told by its header alone: spans, log lines, or samples of metrics (one column a metric). */
export type TelemetryTable =
  | { readonly holds: 'spans'; read(row: readonly string[]): ServiceSpan | undefined }
  | { readonly holds: 'logs'; read(row: readonly string[]): ServiceLog | undefined }
  | { readonly holds: 'metrics'; read(row: readonly string[]): ServiceMetric[] };

/** The reader for a header; undefined where the columns tell of neither. Names are compared without case, `_`, blanks and units in parentheses. */
export function telemetryTable(header: readonly string[]): TelemetryTable | undefined {
  const names = header.map((name) => plain(name));
  const column = (...candidates: string[]) => names.findIndex((name) => candidates.includes(name));
  const traceId = column('traceid');
  const spanId = column('spanid');
  const owner = column('podname', 'pod', 'servicename', 'service', 'instance', 'container');
  const start = column('starttimeunixnano', 'starttime', 'start');
  if (traceId >= 0 && spanId >= 0 && start >= 0 && owner >= 0) {
    const columns = {
      traceId,
      spanId,
      owner,
      start,
      end: column('endtimeunixnano', 'endtime', 'end'),
      duration: column('duration', 'durationus'),
    };
    return spanTable({
      ...columns,
      parent: column('parentid', 'parentspanid'),
      operation: column('operationname', 'operation', 'name', 'spanname'),
    });
  }
  const log = column('log', 'message', 'body', 'text');
  const time = column('timeunixnano', 'timestamp', 'time');
  if (log >= 0 && time >= 0 && owner >= 0) return logTable({ traceId, spanId, owner, time, log, level: column('level', 'severity') });
  const stamp = column('timestamp', 'timeunixnano') >= 0 ? column('timestamp', 'timeunixnano') : time;
  if (stamp < 0) return undefined;
  const skip = new Set([stamp, owner, column('time')]);
  const values = header.flatMap((name, index) => (skip.has(index) ? [] : [{ name, index }]));
  return metricTable(stamp, owner, values);
}

interface SpanColumns {
  traceId: number;
  spanId: number;
  owner: number;
  start: number;
  end: number;
  duration: number;
  parent: number;
  operation: number;
}

function spanTable(columns: SpanColumns): TelemetryTable {
  return {
    holds: 'spans',
    read(row) {
      const startMs = timeMs(row[columns.start]);
      const endMs = timeMs(row[columns.end]);
      const durationMs = startMs !== undefined && endMs !== undefined ? Math.max(0, endMs - startMs) : Number(row[columns.duration]) / 1000;
      const [traceId, spanId, owner] = [row[columns.traceId], row[columns.spanId], row[columns.owner]];
      if (startMs === undefined || !Number.isFinite(durationMs) || !traceId || !spanId || !owner) return undefined;
      const parent = row[columns.parent];
      const isRoot = parent === undefined || /^(?:root|null|none|0*)$/i.test(parent);
      const base = { traceId, spanId, service: serviceOfPod(owner), operation: row[columns.operation] ?? '', startMs, durationMs };
      return isRoot ? base : { ...base, parentId: parent };
    },
  };
}

function logTable(columns: { traceId: number; spanId: number; owner: number; time: number; log: number; level: number }): TelemetryTable {
  return {
    holds: 'logs',
    read(row) {
      const atMs = timeMs(row[columns.time]);
      const [text, owner] = [row[columns.log], row[columns.owner]];
      if (atMs === undefined || text === undefined || !owner) return undefined;
      const traceId = row[columns.traceId];
      const spanId = row[columns.spanId];
      const level = row[columns.level];
      return {
        atMs,
        service: serviceOfPod(owner),
        text,
        ...(traceId ? { traceId } : {}),
        ...(spanId ? { spanId } : {}),
        ...(level ? { level } : {}),
      };
    },
  };
}

function metricTable(stamp: number, owner: number, values: readonly { name: string; index: number }[]): TelemetryTable {
  return {
    holds: 'metrics',
    read(row) {
      const atMs = timeMs(row[stamp]);
      const instance = row[owner] ?? '';
      if (atMs === undefined) return [];
      return values.flatMap(({ name, index }) => {
        const text = row[index];
        const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
        return Number.isFinite(value) ? [{ atMs, service: serviceOfPod(instance), instance, name, value }] : [];
      });
    },
  };
}

/** Milliseconds since the epoch from seconds, milliseconds, microseconds, nanoseconds (told by size) or an ISO text. */
export function timeMs(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) {
    const whole = trimmed.split('.')[0] ?? '';
    const number = Number(trimmed);
    if (whole.length >= 18) return Number(BigInt(whole) / 1000n) / 1000;
    if (whole.length >= 15) return number / 1000;
    return whole.length >= 12 ? number : number * 1000;
  }
  const parsed = Date.parse(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(trimmed) ? `${trimmed.replace(' ', 'T')}Z` : trimmed);
  return Number.isFinite(parsed) ? parsed : undefined;
}

function plain(name: string): string {
  return name
    .replace(/^\uFEFF/, '')
    .replace(/\(.*\)/, '')
    .replace(/[_\s]/g, '')
    .toLowerCase();
}
