import type { SourceSpan, TelemetryEvent } from '@selfheal/contracts';
import { rotatedName } from '../intake/rotation.ts';

/** More sources of a batch than this are not told apart. */
const MAX_SOURCES = 200;

/** What each source has in a batch, most events first: clocks of sources differ, so each has a stretch of time of its own. */
export function sourceSpansOf(events: readonly TelemetryEvent[]): SourceSpan[] {
  const bySource = new Map<string, SourceSpan>();
  let span: SourceSpan | undefined;
  for (const { source, time } of events) {
    // Neighbours are of one source mostly.
    if (span?.source !== source) {
      span = bySource.get(source) ?? { source, from: time, to: time, events: 0 };
      bySource.set(source, span);
    }
    if (time < span.from) span.from = time;
    if (time > span.to) span.to = time;
    span.events += 1;
  }
  return joinSourceSpans([...bySource.values()].map((span) => ({ ...span, source: rotatedName(span.source).group })));
}

/** The spans of equal sources as one each. */
export function joinSourceSpans(spans: readonly SourceSpan[]): SourceSpan[] {
  const bySource = new Map<string, SourceSpan>();
  for (const span of spans) {
    const known = bySource.get(span.source);
    if (known === undefined) bySource.set(span.source, { ...span });
    else widen(known, span);
  }
  return [...bySource.values()].sort((a, b) => b.events - a.events || (a.source < b.source ? -1 : 1)).slice(0, MAX_SOURCES);
}

function widen(span: SourceSpan, by: SourceSpan): void {
  span.from = Math.min(span.from, by.from);
  span.to = Math.max(span.to, by.to);
  span.events += by.events;
}
