import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';
import type { Tracing } from './tracing.ts';

/** Sends spans by OTLP/HTTP to `url`, in batches. */
export function openTracing(url: string, service: { name: string; version: string }): Tracing {
  const resource = resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version });
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter({ url }));
  const sdk = new NodeSDK({ resource, spanProcessors: [spanProcessor], instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return { plugin: new OpenTelemetryPlugin({ resource, spanProcessor }), close: () => sdk.shutdown() };
}
