import type { ServiceTelemetry } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { diagnoseServices } from './diagnose-services.ts';
import { inTelemetryZone } from './find-fault.ts';
import { shopMinute } from './shop-fixture.ts';

const AT = Date.parse('2024-05-01T12:00:00Z');
const baseline = shopMinute(AT - 3_600_000);

/** The fault's two minutes with some quiet ones before. */
function during(change: Parameters<typeof shopMinute>[1]): ServiceTelemetry {
  const parts = [shopMinute(AT - 240_000), shopMinute(AT - 180_000), shopMinute(AT, change), shopMinute(AT + 60_000, change)];
  return {
    spans: parts.flatMap(({ spans }) => spans),
    logs: parts.flatMap(({ logs }) => logs),
    metrics: parts.flatMap(({ metrics }) => metrics),
  };
}

describe('diagnoseServices', () => {
  it('finds nothing in minutes like the baseline', () => {
    expect(diagnoseServices(during({}), { at: AT, baseline })).toMatchObject({ healthy: true, causes: [] });
  });

  it('blames the service that fails, not its callers, and names the statement', () => {
    const [first] = diagnoseServices(during({ failing: 'stock' }), { at: AT, baseline }).causes;
    expect(first).toMatchObject({ service: 'stock', operation: 'GET /stock/{id}', kind: 'exception' });
    expect(first?.evidence.some(({ region }) => region === 'stock.Store#40')).toBe(true);
  });

  it('blames the service whose statement is no longer reached, though nothing fails', () => {
    const [first] = diagnoseServices(during({ silent: 'stock' }), { at: AT, baseline }).causes;
    expect(first).toMatchObject({ service: 'stock', kind: 'changed behaviour', region: 'stock.Store#32' });
  });

  it('blames the callee where the way to it is slow', () => {
    expect(diagnoseServices(during({ delayed: 'price' }), { at: AT, baseline }).causes[0]).toMatchObject({
      service: 'price',
      kind: 'network',
    });
  });

  it('blames slow code by own time, not the callers that wait for it', () => {
    const { causes } = diagnoseServices(during({ slow: 'price' }), { at: AT, baseline });
    expect(causes.map(({ service, kind }) => `${service} ${kind}`)).toEqual(['price slow code']);
  });

  it('names the processor where its use leaps', () => {
    expect(diagnoseServices(during({ slow: 'stock', busy: 'stock' }), { at: AT, baseline }).causes[0]).toMatchObject({
      service: 'stock',
      kind: 'cpu',
    });
  });

  it('does without a baseline where there is an earlier stretch, and says so where there is none', () => {
    expect(diagnoseServices(during({ failing: 'stock' }), { at: AT }).causes[0]?.service).toBe('stock');
    expect(diagnoseServices(shopMinute(AT, { failing: 'stock' }))).toMatchObject({
      healthy: true,
      summary: expect.stringContaining('no baseline'),
    });
  });

  it('gives the same answer for unordered input with orphans, loops, and clocks that differ', () => {
    const telemetry = during({ failing: 'stock' });
    const spans = [...telemetry.spans].reverse().map((span) => (span.service === 'stock' ? { ...span, startMs: span.startMs + 2 } : span));
    const odd = { traceId: 'odd', service: 'web', operation: 'x', startMs: AT, durationMs: 1 };
    const strange = [
      { ...odd, spanId: 'a', parentId: 'b' },
      { ...odd, spanId: 'b', parentId: 'a' },
      { ...odd, spanId: 'c', parentId: 'gone' },
    ];
    expect(diagnoseServices({ ...telemetry, spans: [...spans, ...strange] }, { at: AT, baseline }).causes[0]?.service).toBe('stock');
  });
});

describe('inTelemetryZone', () => {
  it('moves a time of another zone to the telemetry, and leaves one that fits', () => {
    const telemetry = shopMinute(AT);
    expect(inTelemetryZone(AT - 8 * 3_600_000, telemetry)).toBe(AT);
    expect(inTelemetryZone(AT + 5_000, telemetry)).toBe(AT + 5_000);
  });
});
