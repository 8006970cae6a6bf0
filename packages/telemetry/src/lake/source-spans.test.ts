import type { TelemetryEvent } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { joinSourceSpans, sourceSpansOf } from './source-spans.ts';

const event = (source: string, time: number) => ({ source, time }) as TelemetryEvent;

it('tells what each log has, its rotated files with it', () => {
  const spans = sourceSpansOf([event('a.log', 5), event('b.log', 90), event('a.log.1', 2), event('a.log', 7)]);
  expect(spans).toEqual([
    { source: 'a.log', from: 2, to: 7, events: 3 },
    { source: 'b.log', from: 90, to: 90, events: 1 },
  ]);
  expect(joinSourceSpans([...spans, { source: 'b.log', from: 80, to: 95, events: 9 }])[0]).toEqual({
    source: 'b.log',
    from: 80,
    to: 95,
    events: 10,
  });
});
