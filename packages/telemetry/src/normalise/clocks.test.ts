import type { RawEvent } from '@selfheal/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSlices, slicesOf } from '../aggregate/slices.ts';
import { foldFlows } from '../flows/fold-flows.ts';
import { stampOf } from '../readers/stamp.ts';
import { normaliseEvents } from './normalise-events.ts';

const NOW = Date.UTC(2024, 4, 2);
const EMPTY = { version: 0, templates: [] };

const raw = fc.record({
  stamp: fc.option(fc.oneof(fc.integer({ min: NOW - 1e9, max: NOW }), fc.constantFrom(0, 1, -1e12, 253402300799000, NOW + 1e11)), {
    nil: undefined,
  }),
  source: fc.constantFrom('a.log', 'b.log'),
  handler: fc.constantFrom('charge', 'reserve', undefined),
  flow: fc.constantFrom('f1', 'f2', undefined),
  ms: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
});

const raws = fc.array(raw, { maxLength: 30 }).map((drafts) =>
  drafts.map(({ stamp, source, handler, flow, ms }, index): RawEvent => {
    const fields = {
      ...(handler === undefined ? {} : { handler }),
      ...(flow === undefined ? {} : { requestId: flow }),
      ...(ms === undefined ? {} : { durationMs: ms }),
    };
    const event: RawEvent = {
      id: `${source}:${index}`,
      source,
      line: index + 1,
      format: 'json',
      text: `event ${index}`,
      ingestedAt: NOW,
      fields,
    };
    return stamp === undefined ? event : { ...event, stamp };
  }),
);

describe('events with clocks that are wrong, out of order or absent', () => {
  it('are all kept in their order, each with a finite time', () => {
    fc.assert(
      fc.property(raws, (events) => {
        const result = normaliseEvents(events, EMPTY);
        expect(result.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
        expect(result.events.every(({ time }) => Number.isFinite(time))).toBe(true);
        expect(result.events.filter(({ timeFrom }) => timeFrom === 'own')).toHaveLength(
          events.filter(({ stamp }) => stamp !== undefined).length,
        );
      }),
    );
  });

  it('are counted once each in slices, whatever their order, and flows are folded', () => {
    fc.assert(
      fc.property(raws, fc.integer(), (events, seed) => {
        const { events: normalised } = normaliseEvents(events, EMPTY);
        const shuffled = fc.sample(fc.shuffledSubarray(normalised, { minLength: normalised.length }), { numRuns: 1, seed })[0] ?? [];
        for (const order of [normalised, shuffled]) {
          const whole = mergeSlices(slicesOf(order));
          expect(whole.events).toBe(events.length);
          expect(whole.operations.reduce((sum, { count }) => sum + count, 0)).toBe(
            mergeSlices(slicesOf(normalised)).operations.reduce((sum, { count }) => sum + count, 0),
          );
        }
        expect(foldFlows(shuffled, { now: NOW })).toEqual(foldFlows(normalised, { now: NOW }));
      }),
      { numRuns: 25 },
    );
  });

  it('give the same statistics when they are cut into parts and merged', () => {
    fc.assert(
      fc.property(raws, fc.nat(30), (events, cut) => {
        const { events: normalised } = normaliseEvents(
          events.map((event) => ({ ...event, fields: { ...event.fields, requestId: event.id } })),
          EMPTY,
        );
        const merged = mergeSlices([normalised.slice(0, cut), normalised.slice(cut)].flatMap((part) => slicesOf(part)));
        const whole = mergeSlices(slicesOf(normalised));
        const facts = ({ operations }: typeof whole): unknown =>
          operations.map(({ operation, count, errors, timed, samples }) => ({ operation, count, errors, timed, samples }));
        expect(facts(merged)).toEqual(facts(whole));
      }),
      { numRuns: 25 },
    );
  });

  it('delivered twice give equal events, so that their ids tell the doubles', () => {
    fc.assert(
      fc.property(raws, (events) => {
        const once = normaliseEvents(events, EMPTY).events;
        const twice = normaliseEvents(events, normaliseEvents(events, EMPTY).miner).events;
        expect(twice.map(({ id, time, operation, flowId }) => [id, time, operation, flowId])).toEqual(
          once.map(({ id, time, operation, flowId }) => [id, time, operation, flowId]),
        );
      }),
    );
  });
});

describe('stamps of one instant in several zones', () => {
  it('are one time', () => {
    const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (time, offset) => {
          const local = new Date(time + offset * 60_000);
          const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
          const text = `${local.getUTCFullYear()}-${pad(local.getUTCMonth() + 1)}-${pad(local.getUTCDate())}T${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}.${pad(local.getUTCMilliseconds(), 3)}${zone}`;
          expect(stampOf(text, NOW)).toBeCloseTo(time, 3);
          expect(stampOf(new Date(time).toISOString(), NOW)).toBeCloseTo(time, 3);
        },
      ),
    );
  });
});
