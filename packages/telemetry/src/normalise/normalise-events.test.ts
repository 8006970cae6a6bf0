import { telemetryEvent } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { rawEvents } from '../../test/raw-events.ts';
import { normaliseEvents } from './normalise-events.ts';

const EMPTY = { version: 0, templates: [] };

describe('templates', () => {
  it('gives one template to texts that differ in values, over batches', () => {
    const first = normaliseEvents(rawEvents('INFO user 12 logged in from 10.0.0.1\nINFO user 99 logged in from 10.0.0.2'), EMPTY);
    expect(first.newTemplates).toBe(1);
    expect(first.events[1]?.variables).toEqual(['99', '10.0.0.2']);
    const second = normaliseEvents(rawEvents('INFO user 5 logged in from 10.9.9.9'), first.miner);
    expect(second.newTemplates).toBe(0);
    expect(second.events[0]?.templateId).toBe(first.events[0]?.templateId);
  });
});

it('gives valid events for every kind of line, and never fails on hostile ones', () => {
  const hostile = [
    '{"req":{"method":"GET","url":null},"res":"x","level":{}}',
    '{"__proto__":{"a":1},"constructor":"x","msg":"m"}',
    '{"time":1e400,"duration":-1,"beat":1.5}',
    '{"msg":{"a":[1]},"err":[1],"error":{"message":{}}}',
    'a=b c=d',
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ];
  const { events } = normaliseEvents(rawEvents(hostile.join('\n')), EMPTY);
  expect(events).toHaveLength(hostile.length);
  for (const event of events) expect(telemetryEvent.safeParse(event).error).toBeUndefined();
});
