import { setImmediate } from 'node:timers/promises';
import type { LogReader, RawEvent, Segment } from '@selfheal/contracts';
import type { Journal } from '../intake/journal.ts';
import { LineDetector } from '../readers/line-detector.ts';
import type { LineRecord } from '../readers/line-reader.ts';
import type { FrameMapper } from '../stack/frame-mapper.ts';
import type { ParsedError } from '../stack/parse-stack.ts';
import { errorOfRecord, withoutStacks } from './error-of-record.ts';
import { type JoinedRecord, joinLines, type PlacedLine } from './join-lines.ts';
import { FRAMES_FIELD, recordingOfRecord, withoutRecording } from './recording-of-record.ts';

export interface Extracted {
  events: RawEvent[];
  lines: number;
  unparsed: number;
  formats: Record<string, number>;
}

const MAX_TEXT = 4096;
const YIELD_EVERY = 2_000;
/** Lines of a segment that show what head its lines have. */
const SAMPLE_LINES = 200;

/** Parses journalled segments, in their order, into raw events. Yields to the event loop, so that heartbeats go on. */
export async function extractEvents(
  segments: readonly Segment[],
  parts: { journal: Journal; mapper: Pick<FrameMapper, 'mapError' | 'mapFrames'>; readers: readonly LogReader[]; signal: AbortSignal },
): Promise<Extracted> {
  const result: Extracted = { events: [], lines: 0, unparsed: 0, formats: {} };
  for (const segment of segments) {
    const { header, lines } = await parts.journal.read(segment.id);
    const detector = new LineDetector(parts.readers, sampleOf(lines));
    const context = { reference: header.ingestedAt };
    const starts = (text: string): boolean => detector.read(text, context).some((record) => isSpecific(record.format));
    const place: EventPlace = { sourceId: segment.sourceId, path: header.path, index: 0, ingestedAt: header.ingestedAt };
    let done = 0;
    for (const joined of joinLines(lines, starts)) {
      place.index = 0;
      result.lines += 1 + joined.rest.length;
      for (const record of detector.read(joined.text, context)) {
        const found = toRawEvent(record, joined, place, parts.mapper);
        const event = found instanceof Promise ? await found : found;
        if (isUnparsed(event)) result.unparsed += 1;
        result.formats[event.format] = (result.formats[event.format] ?? 0) + 1;
        result.events.push(event);
        place.index += 1;
      }
      done += 1;
      if (done % YIELD_EVERY === 0) {
        await setImmediate();
        parts.signal.throwIfAborted();
      }
    }
  }
  return result;
}

function sampleOf(lines: Iterable<PlacedLine>): string[] {
  const sample: string[] = [];
  for (const { text } of lines) {
    sample.push(text);
    if (sample.length === SAMPLE_LINES) break;
  }
  return sample;
}

interface EventPlace {
  readonly sourceId: string;
  readonly path: string;
  /** Of the record within its line. */
  index: number;
  readonly ingestedAt: number;
}

/** Waits only where an error is to be mapped: most lines hold none, and a wait each would cost as much as their reading. */
function toRawEvent(
  record: LineRecord,
  joined: JoinedRecord,
  place: EventPlace,
  mapper: Pick<FrameMapper, 'mapError' | 'mapFrames'>,
): RawEvent | Promise<RawEvent> {
  const parsed = errorOfRecord(record, joined.rest);
  const event = plainEvent(record, joined, place);
  const isRecording = Object.hasOwn(record.fields, FRAMES_FIELD);
  if (parsed === undefined && !isRecording) return event;
  return withMapped(event, parsed, isRecording ? record.fields : undefined, mapper);
}

async function withMapped(
  event: RawEvent,
  parsed: ParsedError | undefined,
  recorded: LineRecord['fields'] | undefined,
  mapper: Pick<FrameMapper, 'mapError' | 'mapFrames'>,
): Promise<RawEvent> {
  const recording = recorded && (await recordingOfRecord(recorded, mapper));
  const error = parsed && (await mapper.mapError(parsed));
  return {
    ...event,
    ...(recording === undefined ? {} : { recording, fields: withoutRecording(event.fields) }),
    ...(error === undefined ? {} : { error }),
  };
}

function plainEvent(record: LineRecord, joined: JoinedRecord, place: EventPlace): RawEvent {
  const text = record.text === '' ? fallbackText(joined, record) : record.text;
  return {
    id: `${place.sourceId}:${joined.offset}${place.index === 0 ? '' : `.${place.index}`}`,
    source: place.path,
    line: joined.line,
    format: record.format ?? 'plain',
    text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
    stamp: record.stamp,
    ingestedAt: place.ingestedAt,
    level: record.level,
    fields: withoutStacks(record.fields),
    error: undefined,
    recording: undefined,
  };
}

function fallbackText(joined: PlacedLine, record: LineRecord): string {
  const { handler, operation } = record.fields;
  if (typeof handler === 'string') return handler;
  return typeof operation === 'string' ? operation : joined.text.slice(0, 500);
}

/** No format was seen and nothing could be read from the line but its text. */
function isUnparsed(event: RawEvent): boolean {
  return event.format === 'plain' && event.error === undefined && Object.keys(event.fields).length === 0;
}

function isSpecific(format: string | undefined): boolean {
  return format !== undefined && format !== 'plain' && format !== 'text' && format !== 'logfmt';
}
