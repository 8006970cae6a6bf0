import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { startTracing } from '../src/index.ts';
import { planOf, startRig } from './rig.ts';

interface Span {
  readonly traceId: string;
  readonly name: string;
}

/** A collector that keeps what it is sent; OTLP/HTTP with JSON, as the exporter speaks it. */
const spans: Span[] = [];
const collector = createServer((request, response) => {
  void receive(request).then((found) => {
    spans.push(...found);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

describe('tracing', () => {
  afterAll(() => void collector.close());

  it('makes one trace of a sequence, over workflow and activities', async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const tracing = await startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }, '0.0.0');
    if (tracing === undefined) throw new TypeError('an endpoint was given');
    {
      await using rig = await startRig({ first: () => ({ a: 1 }), second: () => ({ b: 2 }) }, { tracing });
      await rig.engine.runSequence({
        projectId: 'p',
        plan: planOf('traced', ['first', 'second']),
        children: {},
        input: {},
        routing: { local: [], ship: [] },
        workflowId: 'traced',
      });
    }
    await tracing.close();
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringContaining('RunWorkflow'),
        expect.stringContaining('RunActivity:first'),
        expect.stringContaining('RunActivity:second'),
      ]),
    );
    expect(new Set(spans.filter(({ name }) => /RunWorkflow|RunActivity|StartWorkflow/.test(name)).map(({ traceId }) => traceId)).size).toBe(
      1,
    );
  });

  it('costs nothing where no endpoint is set', async () => {
    expect(await startTracing({}, '0.0.0')).toBeUndefined();
  });
});

async function receive(request: IncomingMessage): Promise<Span[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  const { resourceSpans = [] } = JSON.parse(text) as { resourceSpans?: { scopeSpans: { spans: Span[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}
