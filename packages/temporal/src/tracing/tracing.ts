import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';

export interface Tracing {
  /** Carries the trace context through client, workflows and activities. */
  readonly plugin: OpenTelemetryPlugin;
  /** Sends what is still buffered. */
  close(): Promise<void>;
}

/**
 * One trace for each heal, sent by OTLP/HTTP to OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT). Undefined, and free of cost, where
 * neither is set. A collector that is down never fails a heal: spans are dropped then.
 */
export function startTracing(env: NodeJS.ProcessEnv, version: string): Tracing | undefined {
  const url = tracesUrl(env);
  if (url === undefined) return undefined;
  const resource = resourceFromAttributes({ 'service.name': env.OTEL_SERVICE_NAME ?? 'selfheal', 'service.version': version });
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter({ url }));
  const sdk = new NodeSDK({ resource, spanProcessors: [spanProcessor], instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return { plugin: new OpenTelemetryPlugin({ resource, spanProcessor }), close: () => sdk.shutdown() };
}

function tracesUrl(env: NodeJS.ProcessEnv): string | undefined {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return env.OTEL_EXPORTER_OTLP_ENDPOINT ? `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces` : undefined;
}
