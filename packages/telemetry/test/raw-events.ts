import type { RawEvent, TelemetryEvent } from '@selfheal/contracts';
import { errorOfRecord, withoutStacks } from '../src/extract/error-of-record.ts';
import { joinLines } from '../src/extract/join-lines.ts';
import { normaliseEvents } from '../src/normalise/normalise-events.ts';
import { LineDetector } from '../src/readers/line-detector.ts';

export const INGESTED = Date.UTC(2024, 4, 1, 12);

/** Lines of one source as raw events, without the intake: frames stay as they stand. */
export function rawEvents(text: string, source = 'app.log'): RawEvent[] {
  const detector = new LineDetector();
  const lines = text
    .split('\n')
    .map((line, index) => ({ offset: index * 100, line: index + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
  return [...joinLines(lines, () => false)].flatMap(({ offset, line, text: first, rest }) =>
    detector.read(first, { reference: INGESTED }).map((record, index): RawEvent => {
      const error = errorOfRecord(record, rest);
      const frames = error?.frames.map((frame) => ({ ...frame, inApp: false })) ?? [];
      const { stamp, level } = record;
      return {
        id: `${source}:${offset}${index === 0 ? '' : `.${index}`}`,
        source,
        line,
        format: record.format ?? '',
        text: record.text,
        ingestedAt: INGESTED,
        fields: withoutStacks(record.fields),
        ...(stamp === undefined ? {} : { stamp }),
        ...(level === undefined ? {} : { level }),
        ...(error === undefined
          ? {}
          : { error: { type: error.type, message: error.message, ...(error.code === undefined ? {} : { code: error.code }), frames } }),
      };
    }),
  );
}

/** Lines of one source as events. */
export function eventsOf(text: string, source?: string): TelemetryEvent[] {
  return normaliseEvents(rawEvents(text, source), { version: 0, templates: [] }).events;
}

export function eventOf(line: string): TelemetryEvent {
  const [event] = eventsOf(line);
  if (event === undefined) throw new Error(`no event in ${line}`);
  return event;
}

/** One JSON object a line. */
export function ndjson(...objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n');
}
