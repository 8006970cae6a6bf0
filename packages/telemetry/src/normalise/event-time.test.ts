import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf, INGESTED, rawEvents } from '../../test/raw-events.ts';
import { normaliseEvents } from './normalise-events.ts';

const EMPTY = { version: 0, templates: [] };

describe('time', () => {
  it('takes a missing stamp from the line before, else from the one after, else from the intake', () => {
    const events = eventsOf('handler: a duration: 1ms\n2024-05-01T10:00:00Z INFO x\nhandler: b duration: 1ms\nhandler: c duration: 1ms');
    const stamp = Date.UTC(2024, 4, 1, 10);
    expect(events.map((event) => [event.timeFrom, event.time])).toEqual([
      ['neighbour', stamp],
      ['own', stamp],
      ['neighbour', stamp + 0.001],
      ['neighbour', stamp + 0.002],
    ]);
    expect(eventOf('handler: a duration: 1ms')).toMatchObject({ timeFrom: 'ingest', time: INGESTED });
  });

  it('counts a clock that goes back, by source', () => {
    const back = rawEvents('2024-05-01T10:00:05Z INFO a\n2024-05-01T10:00:00Z INFO b\n2024-05-01T10:00:00Z INFO c');
    expect(normaliseEvents([...back, ...rawEvents('2024-05-01T09:00:00Z INFO d', 'other.log')], EMPTY).clockBackwards).toBe(1);
  });
});
