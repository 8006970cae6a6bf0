import type { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';

export interface Tracing {
  /** Carries the trace context through client, workflows and activities. */
  readonly plugin: OpenTelemetryPlugin;
  /** Sends what is still buffered. */
  close(): Promise<void>;
}

/**
 * One trace for each heal, sent by OTLP/HTTP to OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT). Undefined, and free of cost (the SDK
 * is not even loaded), where neither is set. A collector that is down never fails a heal: spans are dropped then.
 */
export async function startTracing(env: NodeJS.ProcessEnv, version: string): Promise<Tracing | undefined> {
  const url = tracesUrl(env);
  if (url === undefined) return undefined;
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing(url, { name: env.OTEL_SERVICE_NAME ?? 'selfheal', version });
}

function tracesUrl(env: NodeJS.ProcessEnv): string | undefined {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return env.OTEL_EXPORTER_OTLP_ENDPOINT ? `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces` : undefined;
}
