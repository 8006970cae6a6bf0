import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where records go: an OTLP/HTTP receiver, or a file that gets one request a line. */
export type Destination =
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number }
  | { readonly kind: 'file'; readonly path: string };

export interface Settings {
  readonly destination: Destination;
  /** Resource attributes of OpenTelemetry, `service.name` among them. */
  readonly resource: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `selfheal up` and OpenTelemetry collectors listen. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:4318';
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The settings, from the variables that OpenTelemetry names for exporters
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/) and two of ours. Undefined where the recorder is switched off.
 */
export function readSettings(env: Environment, workingFolder: string): Settings | undefined {
  if (/^(?:off|0|false|no)$/i.test(env.SELFHEAL_RECORDER ?? '') || /^true$/i.test(env.OTEL_SDK_DISABLED ?? '')) return undefined;
  const file = env.SELFHEAL_RECORDER_FILE;
  const destination = file ? { kind: 'file' as const, path: resolve(workingFolder, file) } : httpDestination(env);
  return destination && { destination, resource: resourceOf(env, workingFolder) };
}

function httpDestination(env: Environment): Destination | undefined {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT || DEFAULT_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT || `${base.replace(/\/+$/, '')}/v1/logs`;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return undefined;
  const headers = pairs(env.OTEL_EXPORTER_OTLP_LOGS_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS);
  const timeout = Number(env.OTEL_EXPORTER_OTLP_LOGS_TIMEOUT ?? env.OTEL_EXPORTER_OTLP_TIMEOUT);
  return { kind: 'http', url, headers, timeoutMs: timeout > 0 ? timeout : DEFAULT_TIMEOUT_MS };
}

function resourceOf(env: Environment, workingFolder: string): Record<string, string> {
  const told = pairs(env.OTEL_RESOURCE_ATTRIBUTES);
  return {
    ...told,
    'service.name': env.OTEL_SERVICE_NAME || told['service.name'] || packageName(workingFolder) || 'unknown_service:node',
    'process.pid': String(process.pid),
    'telemetry.sdk.name': 'selfheal-recorder',
    'telemetry.sdk.language': 'nodejs',
  };
}

/** `a=1,b=%20x`: W3C baggage, as OpenTelemetry takes lists in variables. */
function pairs(list: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of (list ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (at > 0) found[pair.slice(0, at).trim()] = decoded(pair.slice(at + 1).trim());
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a value with a bare percent sign is meant as it stands
  }
}

function packageName(folder: string): string | undefined {
  try {
    const { name }: { name?: unknown } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined; // no manifest, no name
  }
}
