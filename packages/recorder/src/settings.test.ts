import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const at = (env: Record<string, string>) => readSettings(env, '/nowhere')?.destination;

describe('readSettings', () => {
  it.each(['off', 'OFF', '0', 'false', 'no'])('is nothing where the recorder is %s', (value) => {
    expect(readSettings({ SELFHEAL_RECORDER: value }, '/nowhere')).toBeUndefined();
  });

  it.each([
    [{}, 'http://127.0.0.1:4318/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' }, 'http://otel:4318/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel/base' }, 'https://otel/base/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b/logs' }, 'http://b/logs'],
  ])('sends to %j at %s', (env, url) => {
    expect(at(env)).toMatchObject({ kind: 'http', url, timeoutMs: 10_000 });
  });

  it('stays away where the endpoint is none', () => {
    expect(at({ OTEL_EXPORTER_OTLP_ENDPOINT: 'unix:/run/otel' })).toBeUndefined();
    expect(at({ OTEL_EXPORTER_OTLP_ENDPOINT: 'otel collector' })).toBeUndefined();
  });

  it('writes to a file where one is named', () => {
    expect(at({ SELFHEAL_RECORDER_FILE: 'out/a.ndjson' })).toEqual({ kind: 'file', path: '/nowhere/out/a.ndjson' });
  });

  it('names the service as OpenTelemetry is told to', () => {
    const resource = (env: Record<string, string>) => readSettings(env, '/nowhere')?.resource;
    expect(resource({ OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2,a=%20b%' })).toMatchObject({
      'service.name': 'unknown_service:node',
      'service.version': '1.2',
      a: '%20b%',
    });
    expect(resource({ OTEL_SERVICE_NAME: 'shop', OTEL_RESOURCE_ATTRIBUTES: 'service.name=other' })).toMatchObject({
      'service.name': 'shop',
    });
  });
});
