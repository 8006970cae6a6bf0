import { createHash } from 'node:crypto';
import type { RejectedInput, Segment } from '@selfheal/contracts';

/** Ids of what storing a batch writes: derived from content, so that storing it again writes nothing new. */

export function quarantineId(projectId: string, rejected: RejectedInput): string {
  const { path, code, offset, bytes } = rejected;
  return shortHash(['quarantined', projectId, path, code, String(offset ?? ''), String(bytes ?? '')]);
}

export function batchIdOf(projectId: string, segments: readonly Segment[]): string {
  return shortHash(['batch', projectId, ...segments.map((segment) => segment.id).sort()]);
}

export function storedSliceId(batchId: string, slice: { release: string; bucketStart: number; bucketMs: number }): string {
  return shortHash(['slice', batchId, slice.release, String(slice.bucketStart), String(slice.bucketMs)]);
}

function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24);
}

/** The source of an event, as its id names it. */
export function sourceOfEvent(eventId: string): string {
  return eventId.slice(0, eventId.indexOf(':'));
}

/** The byte offset of an event's line in its source, as its id names it. */
export function offsetOfEvent(eventId: string): number {
  return Number.parseInt(eventId.slice(eventId.indexOf(':') + 1), 10);
}
