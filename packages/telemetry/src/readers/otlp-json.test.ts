import { describe, expect, it } from 'vitest';
import { otlpJsonReader } from './otlp-json.ts';

const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'shop' } },
    { key: 'service.version', value: { stringValue: '1.5.0' } },
  ],
};
const trace = { traceId: '5B8EFFF798038103D269B633813FC60C', spanId: 'EEE19B7EC3C1B174' };

function read(request: unknown) {
  const records = otlpJsonReader.read(JSON.stringify(request), { reference: 0 });
  return Array.isArray(records) ? records : [];
}

describe('otlpJsonReader', () => {
  it('gives one record for each log of an export', () => {
    const log = {
      timeUnixNano: '1714557600123456789',
      severityNumber: 17,
      body: { stringValue: 'card declined' },
      attributes: [{ key: 'order', value: { kvlistValue: { values: [{ key: 'n', value: { intValue: '3' } }] } } }],
      ...trace,
    };
    const records = read({
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log, { ...log, severityNumber: 0, severityText: 'WARN' }] }] }],
    });
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      format: 'otlp-log',
      text: 'card declined',
      level: 'error',
      fields: { 'service.name': 'shop', order: { n: 3 }, traceId: trace.traceId.toLowerCase() },
    });
    expect(records[0]?.stamp).toBeCloseTo(1714557600123.457, 2);
    expect(records[1]?.level).toBe('WARN');
  });

  it('gives spans with duration to the nanosecond, outcome and exception', () => {
    const exception = {
      name: 'exception',
      attributes: [
        { key: 'exception.type', value: { stringValue: 'TypeError' } },
        { key: 'exception.message', value: { stringValue: 'no x' } },
      ],
    };
    const span = {
      ...trace,
      parentSpanId: '',
      name: 'GET /a',
      kind: 2,
      startTimeUnixNano: '1714557600000000000',
      endTimeUnixNano: '1714557600012500000',
      status: { code: 2, message: 'bad' },
      events: [exception],
    };
    const [record] = read({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    expect(record).toMatchObject({
      format: 'otlp-span',
      level: 'error',
      fields: { durationMs: 12.5, outcome: 'error', 'exception.type': 'TypeError', 'status.message': 'bad' },
    });
    expect(record?.fields).not.toHaveProperty('parentSpanId');
  });

  it('gives metric points as values', () => {
    const metrics = [
      { name: 'queue.depth', gauge: { dataPoints: [{ timeUnixNano: '1714557600000000000', asInt: '7' }] } },
      { name: 'http.duration', histogram: { dataPoints: [{ count: '2', sum: 9.5, min: 1, max: 8.5 }] } },
    ];
    const records = read({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
    expect(records.map((record) => record.fields.values)).toEqual([
      { 'queue.depth': 7 },
      { 'http.duration.count': 2, 'http.duration.sum': 9.5, 'http.duration.min': 1, 'http.duration.max': 8.5 },
    ]);
  });

  it('leaves other JSON to other readers', () => {
    expect(otlpJsonReader.read('{"msg":"resourceLogs"}', { reference: 0 })).toBeUndefined();
    expect(otlpJsonReader.read('{"resourceLogs":"no list"}', { reference: 0 })).toBeUndefined();
  });
});
