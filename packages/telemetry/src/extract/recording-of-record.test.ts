import type { Json } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { normaliseEvents } from '../normalise/normalise-events.ts';
import { recordingOfRecord, withoutRecording } from './recording-of-record.ts';

const mapper = {
  mapFrames: async (frames: readonly { file: string; line: number }[]) =>
    frames.map((frame) => ({ ...frame, file: frame.file.replace('/srv/app/', ''), inApp: frame.file.startsWith('/srv/app/') })),
};
const frame = { function: 'labelOf', file: '/srv/app/lib/label.js', line: 3, column: 9, values: { order: { address: null } } };

describe('recordingOfRecord', () => {
  it('brings the frames onto the repository', async () => {
    const fields = { 'selfheal.frames': JSON.stringify([frame]), 'selfheal.result': '"Ada"', 'event.name': 'selfheal.call' };
    expect(await recordingOfRecord(fields, mapper)).toEqual({ frames: [{ ...frame, file: 'lib/label.js', inApp: true }], result: 'Ada' });
    expect(withoutRecording(fields)).toEqual({ 'event.name': 'selfheal.call' });
  });

  it.each<Json>(['{"cut', '{}', 7, JSON.stringify([{ file: 1, line: 2, values: {} }, { file: 'a', line: -1, values: {} }, null])])(
    'takes nothing from %j',
    async (frames) => {
      expect((await recordingOfRecord({ 'selfheal.frames': frames }, mapper))?.frames ?? []).toEqual([]);
    },
  );
});

describe('an event with a recording', () => {
  const eventOf = (values: Record<string, Json>) => {
    const raw = {
      id: 'a:0',
      source: 'a',
      line: 1,
      format: 'otlp-log',
      text: 'TypeError: no',
      stamp: 1,
      ingestedAt: 1,
      level: 'ERROR',
      fields: { 'http.request.method': 'POST', 'url.path': '/orders', 'http.response.status_code': 500 },
      error: { type: 'TypeError', message: 'no', frames: [] },
      recording: { frames: [{ ...frame, inApp: true, values }] },
    };
    return normaliseEvents([raw], { version: 0, templates: [] }).events[0];
  };

  it('is none of a request, and has the parsed body of the framework', () => {
    const request = { $type: 'instance', class: 'Request', fields: { body: { address: null } } };
    expect(eventOf({ request })).toMatchObject({
      kind: 'log',
      operation: 'POST /orders',
      request: { method: 'POST', body: { address: null } },
    });
  });

  it('has no request where the body is not known as a whole', () => {
    expect(eventOf({})?.request).toBeUndefined();
    const cut = { $type: 'instance', class: 'Request', fields: { body: { list: { $type: 'cut' } } } };
    expect(eventOf({ request: cut })?.request).toBeUndefined();
  });
});
