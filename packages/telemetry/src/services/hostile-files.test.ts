import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CsvParser } from './csv-rows.ts';
import { otlpServices } from './otlp-services.ts';
import { readServiceFolder } from './service-folder.ts';
import { telemetryTable } from './telemetry-table.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SPAN = {
  traceId: 'a1',
  spanId: 'b2',
  name: 'last',
  startTimeUnixNano: '1714557600000000000',
  endTimeUnixNano: '1714557600001000000',
};
const LAST = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] });

/** Any JSON, with keys that are methods of what is no object of theirs. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom({ toString: null }, { valueOf: 1, toString: 2 }, { stringValue: { toString: null } }),
);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 2 });
const attributes = fc.array(
  fc.record({ key: fc.constantFrom('service.name', 'host.name', 'exception.stacktrace', 'code.function', '__proto__'), value }),
  { maxLength: 3 },
);
const item = fc.record(
  {
    ...{ traceId: value, spanId: value, name: value, attributes, status: value, body: value, severityText: value },
    timeUnixNano: fc.oneof(fc.constant('1714557600000000000'), value),
    startTimeUnixNano: fc.oneof(fc.constant('1714557600000000000'), value),
    endTimeUnixNano: fc.oneof(fc.constant('1714557600000000000'), value),
    events: few(fc.record({ name: fc.constant('exception'), attributes })),
    gauge: fc.record({ dataPoints: few(fc.record({ asDouble: value, timeUnixNano: fc.constant('1'), attributes })) }),
  },
  { requiredKeys: [] },
);
const resource = fc.record({ attributes });
const request = fc.record({
  resourceSpans: few(fc.record({ resource, scopeSpans: few(fc.record({ spans: few(item) })) })),
  resourceLogs: few(fc.record({ resource, scopeLogs: few(fc.record({ logRecords: few(item) })) })),
  resourceMetrics: few(fc.record({ resource, scopeMetrics: few(fc.record({ metrics: few(item) })) })),
});

describe('what telemetry of several services may hold', () => {
  it('never makes the reader of OTLP/JSON fail', () => {
    fc.assert(
      fc.property(fc.oneof(request, value), (export_) => {
        const { spans, logs, metrics } = otlpServices(export_);
        for (const { service } of [...spans, ...logs, ...metrics]) expect(service).toBeTypeOf('string');
      }),
      { numRuns: 100 },
    );
  });

  it('never hides the lines after it', async () => {
    const path = join(folder, 'a.jsonl');
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('{', '[', '{"resourceSpans":', '"', '\0'),
      request.map((one) => JSON.stringify(one)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        await writeFile(path, [...lines.map((text) => text.replace(/\n/g, ' ')), LAST].join('\n'));
        const { current } = await readServiceFolder(path);
        expect(current.spans.at(-1)).toMatchObject({ operation: 'last', durationMs: 1 });
      }),
      { numRuns: 15 },
    );
  });

  it('never makes the reader of tables fail, and a quote that nothing closes ends with what a row may hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 })), fc.string({ unit: 'binary' }), (header, text) => {
        const parser = new CsvParser();
        const table = telemetryTable(['timestamp', 'pod', ...header]);
        for (const row of [...parser.push(text), ...parser.end()]) table?.read(row);
      }),
      { numRuns: 100 },
    );
    const parser = new CsvParser();
    const torn = `1,"${'x'.repeat(600_000)}\n${'y'.repeat(600_000)}\n`;
    const rows = [...parser.push(torn), ...parser.push('2,b\n3,c\n'), ...parser.end()];
    expect(rows.at(-1)).toEqual(['3', 'c']);
  });
});
