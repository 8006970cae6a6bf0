import type { ServiceTelemetry } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { diagnoseServices } from './diagnose-services.ts';
import { findFault, inTelemetryZone } from './find-fault.ts';
import { shopMinute } from './shop-fixture.ts';

const AT = Date.parse('2024-05-01T12:00:00Z');
const baseline = shopMinute(AT - 3_600_000);

/** The fault's two minutes with some quiet ones before. */
function during(change: Parameters<typeof shopMinute>[1]): ServiceTelemetry {
  return together([shopMinute(AT - 240_000), shopMinute(AT - 180_000), shopMinute(AT, change), shopMinute(AT + 60_000, change)]);
}

function together(parts: readonly ServiceTelemetry[]): ServiceTelemetry {
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
      contrast: { with: 'nothing', calls: 0 },
      summary: expect.stringContaining('no baseline'),
    });
  });

  it('compares the minutes of the fault with the rest where nothing lies before', () => {
    const quiet = Array.from({ length: 6 }, (_, minute) => shopMinute(AT + 240_000 + minute * 60_000));
    const recording = (change: Parameters<typeof shopMinute>[1]) =>
      together([shopMinute(AT, change), shopMinute(AT + 60_000, change), ...quiet]);
    const found = diagnoseServices(recording({ failing: 'stock' }), { at: AT + 10_000 });
    expect(found).toMatchObject({ healthy: false, contrast: { with: 'rest' }, causes: [{ service: 'stock', kind: 'exception' }] });
    expect(found.contrast.calls).toBe(6 * 20 * 3);
    expect(findFault(recording({ failing: 'stock' })).causes[0]?.service).toBe('stock');
    expect(findFault(recording({}))).toMatchObject({ healthy: true, summary: expect.stringContaining('nothing differs') });
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

describe('diagnoseServices of telemetry that is torn', () => {
  /** Every n-th item is lost. */
  const lossy = (telemetry: ServiceTelemetry, spanStep: number, logStep: number): ServiceTelemetry => ({
    ...telemetry,
    spans: telemetry.spans.filter((_, index) => spanStep === 0 || index % spanStep !== 0),
    logs: telemetry.logs.filter((_, index) => logStep === 0 || index % logStep !== 0),
  });

  it.each([
    ['spans', 7, 0],
    ['log lines', 0, 4],
    ['both', 9, 4],
  ])('does not take lost %s for a fault, and still finds one', (_, spanStep, logStep) => {
    expect(diagnoseServices(lossy(during({}), spanStep, logStep), { at: AT, baseline })).toMatchObject({ causes: [] });
    const [first] = diagnoseServices(lossy(during({ failing: 'stock' }), spanStep, logStep), { at: AT, baseline }).causes;
    expect(first).toMatchObject({ service: 'stock', kind: 'exception' });
  });

  it('does without log lines where none is there any more', () => {
    const dumb = (telemetry: ServiceTelemetry) => ({ ...telemetry, logs: [] });
    expect(diagnoseServices(dumb(during({})), { at: AT, baseline }).causes).toEqual([]);
    expect(diagnoseServices(dumb(during({ slow: 'price' })), { at: AT, baseline }).causes[0]?.service).toBe('price');
  });

  it('joins log lines without a trace by service and time', () => {
    const untraced = (telemetry: ServiceTelemetry): ServiceTelemetry => ({
      ...telemetry,
      logs: telemetry.logs.map(({ atMs, service, text }) => ({ atMs, service, text })),
    });
    const [first] = diagnoseServices(untraced(during({ failing: 'stock' })), { at: AT, baseline: untraced(baseline) }).causes;
    expect(first).toMatchObject({ service: 'stock', kind: 'exception' });
  });

  it('reads counters by their growth', () => {
    const counted = (rate: number, from: number) =>
      Array.from({ length: 5 }, (_, index) => ({
        atMs: from + index * 15_000,
        service: 'stock',
        instance: 'stock-1',
        name: 'process.cpu.time',
        value: 1_000 + (from - AT) / 1_000 + rate * index * 15,
        counter: true,
      }));
    const before = { ...baseline, metrics: counted(0.1, AT - 3_600_000) };
    const at = { at: AT, baseline: before };
    expect(diagnoseServices({ ...during({}), metrics: counted(0.1, AT + 15_000) }, at).causes).toEqual([]);
    expect(diagnoseServices({ ...during({}), metrics: counted(2, AT + 15_000) }, at).causes[0]).toMatchObject({
      service: 'stock',
      kind: 'cpu',
    });
  });
});

describe('findFault', () => {
  it('finds the minute in which a fault began, with and without a baseline', () => {
    for (const options of [{ baseline }, {}]) {
      const { atMs = 0, causes } = findFault(during({ failing: 'stock' }), options);
      expect(causes[0]?.service).toBe('stock');
      expect(Math.abs(atMs - AT)).toBeLessThanOrEqual(60_000);
    }
    expect(findFault(during({})).healthy).toBe(true);
  });
});

describe('inTelemetryZone', () => {
  it('moves a time of another zone to the telemetry, and leaves one that fits', () => {
    const telemetry = shopMinute(AT);
    expect(inTelemetryZone(AT - 8 * 3_600_000, telemetry)).toBe(AT);
    expect(inTelemetryZone(AT + 5_000, telemetry)).toBe(AT + 5_000);
  });
});
