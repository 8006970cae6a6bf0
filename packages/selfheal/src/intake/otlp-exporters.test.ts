import { ValueType } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtlpRig } from '../../test/intake/otlp-rig.ts';

const resource = resourceFromAttributes({
  'service.name': 'shop',
  'service.version': '1.5.0',
  'deployment.token': 'ghp_0123456789abcdefghijklmnopqrstuvwxyz',
});
let rig: OtlpRig;
beforeEach(async () => {
  rig = await OtlpRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

const forms = [
  { name: 'JSON', Traces: JsonTraces, Logs: JsonLogs, Metrics: JsonMetrics },
  { name: 'protobuf', Traces: ProtoTraces, Logs: ProtoLogs, Metrics: ProtoMetrics },
].flatMap((form) => (['none', 'gzip'] as const).map((compression) => ({ ...form, compression })));

describe.each(forms)(
  'what the exporters of OpenTelemetry send as $name, compression $compression',
  ({ Traces, Logs, Metrics, compression }) => {
    const to = (path: string) => ({ url: `${rig.url}${path}`, compression: compression as never });

    it('takes spans, with errors, links and ids', async () => {
      const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new Traces(to('/v1/traces')))] });
      const span = provider.getTracer('t', '1').startSpan('GET /orders/:id', {
        kind: 1,
        startTime: 1_790_000_000_000,
        attributes: {
          'http.route': '/orders/:id',
          'http.request.method': 'GET',
          'db.password': 'hunter2-hunter2',
          sizes: [1, 2],
          ok: true,
          share: 0.5,
        },
        links: [{ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } }],
      });
      span.recordException(new TypeError('no x'), 1_790_000_000_005);
      span.setStatus({ code: 2, message: 'bad' });
      span.end(1_790_000_000_012.5);
      const { traceId, spanId } = span.spanContext();
      await provider.forceFlush();
      await provider.shutdown();
      await rig.reader.readAll();
      const [event, ...others] = await rig.reader.events();
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        kind: 'span',
        service: 'shop',
        release: '1.5.0',
        source: 'otlp',
        severity: 'error',
        traceId,
        spanId,
        durationMs: 12.5,
        error: { type: 'TypeError', message: 'no x' },
      });
      expect(JSON.stringify(event)).not.toMatch(/hunter2|ghp_/);
    });

    it('takes logs', async () => {
      const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: new Logs(to('/v1/logs')) })] });
      const logger = provider.getLogger('l');
      logger.emit({
        severityNumber: SeverityNumber.ERROR,
        body: 'card declined',
        timestamp: 1_790_000_000_001,
        attributes: { order: 3, nested: { deep: [1, 'x'] } },
      });
      logger.emit({ severityNumber: SeverityNumber.INFO, body: { msg: 'paid', handler: 'pay' }, timestamp: 1_790_000_000_002 });
      await provider.forceFlush();
      await provider.shutdown();
      await rig.reader.readAll();
      const events = (await rig.reader.events()).sort((a, b) => a.time - b.time);
      expect(events).toMatchObject([
        { text: 'card declined', severity: 'error', service: 'shop', release: '1.5.0', time: 1_790_000_000_001 },
        { severity: 'info', time: 1_790_000_000_002 },
      ]);
    });

    it('takes metrics of every kind', async () => {
      const exporter = new Metrics(to('/v1/metrics'));
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      const provider = new MeterProvider({ resource, readers: [reader] });
      const meter = provider.getMeter('m');
      meter.createCounter('orders', { valueType: ValueType.INT }).add(7, { shop: 'a' });
      meter.createGauge('depth').record(2.5);
      const histogram = meter.createHistogram('duration', { unit: 'ms' });
      for (const value of [1, 8.5, 40]) histogram.record(value);
      await provider.forceFlush();
      await provider.shutdown();
      await rig.reader.readAll();
      const texts = (await rig.reader.events()).map(({ kind, text }) => `${kind} ${text}`);
      // A shutdown collects once more: each metric is there at least once.
      expect(new Set(texts)).toEqual(new Set(['metric orders', 'metric depth', 'metric duration']));
    });
  },
);
