import type { TelemetryEvent, TelemetrySlice } from '@selfheal/contracts';
import { isAtLeast, worse } from '../normalise/severity.ts';
import { templateOfEvent } from '../templates/template-of-event.ts';
import { errorStats, mergeErrorStats } from './errors.ts';
import { evidenceOf } from './evidence.ts';
import { flowContexts } from './flow-context.ts';
import { mergeOperationStats, operationStats } from './operations.ts';

type TemplateCount = TelemetrySlice['templates'][number];

const SECOND = 1_000;
/** Widths of a slice. The narrowest that cuts a batch into at most MAX_BUCKETS is taken, so that slices stay few. */
const WIDTHS = [10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000].map((seconds) => seconds * SECOND);
const MAX_BUCKETS = 64;
const MAX_TEMPLATES = 200;

/** Cuts events into slices by release and time and aggregates each. */
export function slicesOf(events: readonly TelemetryEvent[]): TelemetrySlice[] {
  if (events.length === 0) return [];
  const contexts = flowContexts(events);
  const bucketMs = widthFor(events);
  const slices = groupsOf(events, bucketMs).map((group): TelemetrySlice => {
    const [first] = group;
    const { from, to } = span(group);
    return {
      release: first?.release ?? '',
      bucketStart: Math.floor(from / bucketMs) * bucketMs,
      bucketMs,
      events: group.length,
      from,
      to,
      operations: operationStats(group, contexts),
      errors: errorStats(group, contexts),
      templates: templateCounts(group),
    };
  });
  return slices.sort((a, b) => a.bucketStart - b.bucketStart || (a.release < b.release ? -1 : 1));
}

/** Events of one bucket and release, in the order in which these first come. */
function groupsOf(events: readonly TelemetryEvent[], bucketMs: number): TelemetryEvent[][] {
  const byRelease = new Map<string | undefined, Map<number, TelemetryEvent[]>>();
  const groups: TelemetryEvent[][] = [];
  let last: { readonly release: string | undefined; readonly bucket: number; readonly group: TelemetryEvent[] } | undefined;
  for (const event of events) {
    const release = event.release === '' ? undefined : event.release;
    const bucket = Math.floor(event.time / bucketMs);
    // Neighbours are of one group mostly.
    if (last?.bucket === bucket && last.release === release) {
      last.group.push(event);
      continue;
    }
    let byBucket = byRelease.get(release);
    if (byBucket === undefined) {
      byBucket = new Map();
      byRelease.set(release, byBucket);
    }
    let group = byBucket.get(bucket);
    if (group === undefined) {
      group = [];
      byBucket.set(bucket, group);
      groups.push(group);
    }
    group.push(event);
    last = { release, bucket, group };
  }
  return groups;
}

/** All slices as one. Its release is that of the slices where they agree, else empty. */
export function mergeSlices(slices: readonly TelemetrySlice[]): TelemetrySlice {
  const [first] = slices;
  if (first === undefined)
    return { release: '', bucketStart: 0, bucketMs: 0, events: 0, from: 0, to: 0, operations: [], errors: [], templates: [] };
  if (slices.length === 1) return first;
  const bucketStart = Math.min(...slices.map((slice) => slice.bucketStart));
  const end = Math.max(...slices.map((slice) => slice.bucketStart + slice.bucketMs));
  const operations = Map.groupBy(
    slices.flatMap((slice) => slice.operations),
    (stats) => stats.operation,
  );
  const errors = Map.groupBy(
    slices.flatMap((slice) => slice.errors),
    (stats) => stats.fingerprint,
  );
  return {
    release: slices.every((slice) => slice.release === first.release) ? first.release : '',
    bucketStart,
    bucketMs: end - bucketStart,
    events: slices.reduce((sum, slice) => sum + slice.events, 0),
    from: Math.min(...slices.map((slice) => slice.from)),
    to: Math.max(...slices.map((slice) => slice.to)),
    operations: [...operations.values()].map(mergeOperationStats).sort((a, b) => (a.operation < b.operation ? -1 : 1)),
    errors: [...errors.values()].map(mergeErrorStats).sort((a, b) => b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1)),
    templates: mergeTemplates(slices.flatMap((slice) => slice.templates)),
  };
}

/** The width of slices that cut so many milliseconds into at most MAX_BUCKETS. */
export function sliceWidth(spanMs: number): number {
  return WIDTHS.find((width) => spanMs / width <= MAX_BUCKETS) ?? WIDTHS.at(-1) ?? SECOND;
}

function widthFor(events: readonly TelemetryEvent[]): number {
  const { from, to } = span(events);
  return sliceWidth(to - from);
}

function span(events: readonly TelemetryEvent[]): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { time } of events) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return { from, to };
}

function templateCounts(events: readonly TelemetryEvent[]): TemplateCount[] {
  const counts = new Map<string, TemplateCount>();
  for (const event of events) {
    const { templateId, text, variables, severity } = event;
    if (templateId === undefined) continue;
    const known = counts.get(templateId);
    if (known === undefined)
      counts.set(templateId, {
        id: templateId,
        template: templateOfEvent(text, variables ?? []),
        severity,
        count: 1,
        ...(isAtLeast(severity, 'warn') ? { example: evidenceOf(event) } : {}),
      });
    else {
      known.count += 1;
      if (severity !== known.severity) known.severity = worse(known.severity, severity);
    }
  }
  return mostUsed([...counts.values()]);
}

/** Counts of equal ids as one, most used first. */
export function mergeTemplates(templates: readonly TemplateCount[]): TemplateCount[] {
  const merged = new Map<string, TemplateCount>();
  for (const template of templates) {
    const known = merged.get(template.id);
    if (known === undefined) merged.set(template.id, { ...template });
    else {
      known.count += template.count;
      known.severity = worse(known.severity, template.severity);
    }
  }
  return mostUsed([...merged.values()]);
}

function mostUsed(templates: TemplateCount[]): TemplateCount[] {
  return templates.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)).slice(0, MAX_TEMPLATES);
}
