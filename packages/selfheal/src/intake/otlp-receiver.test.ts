import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { SelfhealError, selfhealConfig } from '@selfheal/contracts';
import protobuf from 'protobufjs/minimal.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OtlpRig } from '../../test/intake/otlp-rig.ts';
import { DEFAULT_OTLP_PORT, type OtlpReceiver, openOtlpReceiver } from './otlp-receiver.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const span = (n: number, more: object = {}) => ({
  traceId: 'a'.repeat(32),
  spanId: (n + 1).toString(16).padStart(16, '0'),
  name: `GET /${n}`,
  startTimeUnixNano: '1790000000000000000',
  endTimeUnixNano: '1790000000001000000',
  ...more,
});
const traces = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

describe('the receiver', () => {
  let rig: OtlpRig;
  beforeEach(async () => {
    rig = await OtlpRig.open({ maxLineBytes: 100_000, otlp: { maxBodyBytes: 1_000_000 } });
  });
  afterEach(async () => {
    await rig[Symbol.asyncDispose]();
  });

  it('answers in the encoding of the request, with an empty message where all was taken', async () => {
    const json = await rig.post('/v1/traces', traces(span(1)));
    expect([json.status, json.headers.get('content-type'), await json.json()]).toEqual([200, 'application/json', {}]);
    const proto = await rig.post('/v1/traces', new Uint8Array(), PROTOBUF);
    expect([proto.status, proto.headers.get('content-type'), (await proto.arrayBuffer()).byteLength]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ]);
    const charset = await rig.post('/v1/logs', '{}', { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'identity' });
    expect(charset.status).toBe(200);
  });

  it('takes what it can and counts what it cannot, in both encodings', async () => {
    const body = traces(
      span(1),
      span(2, { traceId: 'xyz' }),
      span(3, { spanId: '0'.repeat(16) }),
      span(4, { name: 'x'.repeat(200_000) }),
      span(5),
    );
    expect(await (await rig.post('/v1/traces', body)).json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage:
          '1 span rejected: traceId is not 16 bytes, or all zero; 1 span rejected: spanId is not 8 bytes, or all zero; 1 span rejected: it has more than 100000 bytes with its resource',
      },
    });
    const short = protobuf.Writer.create()
      .uint32(10)
      .fork()
      .uint32(18)
      .fork()
      .uint32(18)
      .fork()
      .uint32(42)
      .string('no ids')
      .ldelim()
      .ldelim()
      .ldelim();
    const answer = await rig.post('/v1/traces', new Uint8Array(short.finish()), PROTOBUF);
    const read = ProtobufTraceSerializer.deserializeResponse(new Uint8Array(await answer.arrayBuffer()));
    expect([answer.status, Number(read.partialSuccess?.rejectedSpans), read.partialSuccess?.errorMessage]).toEqual([
      200,
      1,
      '1 span rejected: traceId is not 16 bytes, or all zero',
    ]);
    await rig.reader.readAll();
    expect(await rig.reader.texts()).toEqual(['GET /1', 'GET /5']);
  });

  it('takes a request once that is sent again, and alike ones that have no time twice', async () => {
    const timed = JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1790000000000000001', body: { stringValue: 'timed' } }] }] }],
    });
    const untimed = timed.replace(/"timeUnixNano":"\d+",/, '').replace('timed', 'untimed');
    for (const body of [timed, untimed, timed, untimed]) expect((await rig.post('/v1/logs', body)).status).toBe(200);
    expect((await rig.post('/v1/logs', new Uint8Array(gzipSync(timed)), { 'content-encoding': 'gzip' })).status).toBe(200);
    await rig.reader.readAll();
    expect((await rig.reader.texts()).sort()).toEqual(['timed', 'untimed', 'untimed']);
  });

  it('splits a large request into lines, each of which is read', async () => {
    const spans = Array.from({ length: 2_000 }, (_, n) =>
      span(n, { attributes: [{ key: 'pad', value: { stringValue: 'p'.repeat(60) } }] }),
    );
    expect((await rig.post('/v1/traces', traces(...spans))).status).toBe(200);
    await rig.reader.readAll();
    const texts = await rig.reader.texts();
    expect([texts.length, new Set(texts).size]).toEqual([2_000, 2_000]);
  });

  it('answers 503 while too much waits to be read, then takes again', async () => {
    const full = await OtlpRig.open({ maxBacklogBytes: 65_536 });
    await using _ = full;
    const body = (n: number) => traces(span(n, { attributes: [{ key: 'pad', value: { stringValue: 'p'.repeat(50_000) } }] }));
    expect((await full.post('/v1/traces', body(1))).status).toBe(200);
    const refused = await full.post('/v1/traces', body(2));
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '5',
      { code: 8, message: 'more is delivered than is read' },
    ]);
    await full.reader.readAll();
    await full.deliveries.tidy();
    expect((await full.post('/v1/traces', body(2))).status).toBe(200);
    await full.reader.readAll();
    expect((await full.reader.texts()).sort()).toEqual(['GET /1', 'GET /2']);
  });
});

describe('what the receiver refuses', () => {
  let rig: OtlpRig;
  beforeAll(async () => {
    rig = await OtlpRig.open({ otlp: { maxBodyBytes: 1_000_000 } });
  });
  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
  });

  it.each([
    ['no JSON', '{"resourceSpans":[', {}],
    ['JSON of another shape', '{"resourceSpans":{}}', {}],
    ['an entry that is no object', '{"resourceSpans":[{"scopeSpans":[{"spans":[1]}]}]}', {}],
    ['no object at all', '[]', {}],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}],
    ['no gzip', 'plain', { 'content-encoding': 'gzip' }],
    ['torn gzip', new Uint8Array(gzipSync(traces(span(1))).subarray(0, 40)), { 'content-encoding': 'gzip' }],
    ['no protobuf', new Uint8Array([10, 200, 1]), PROTOBUF],
    ['protobuf groups', new Uint8Array(1_000).fill(0x0b), PROTOBUF],
    ['a message that ends behind its bytes', new Uint8Array([10, 4, 18, 9, 18, 7]), PROTOBUF],
  ])('answers 400 with a status to %s', async (_, body, headers) => {
    const answer = await rig.post('/v1/traces', body, headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('retry-after')).toBeNull();
    if (headers === PROTOBUF) expect(protobuf.Reader.create(new Uint8Array(await answer.arrayBuffer())).uint32()).toBe(8);
    else expect(await answer.json()).toEqual({ code: 3, message: expect.stringMatching(/\w/) });
  });

  it('refuses other paths, methods, types, encodings and web pages', async () => {
    const statuses = [
      await rig.post('/v1/profiles', '{}'),
      await fetch(`${rig.url}/v1/logs`),
      await rig.post('/v1/logs', 'a=b', { 'content-type': 'text/plain' }),
      await rig.post('/v1/logs', '{}', { 'content-encoding': 'br' }),
      await rig.post('/v1/logs', '{}', { origin: 'https://evil.example' }),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([404, 405, 415, 415, 403]);
    expect(statuses[1]?.headers.get('allow')).toBe('POST');
    expect(statuses[3]?.headers.get('accept-encoding')).toBe('gzip, deflate, identity');
  });

  it('answers 413 to what is too large, as sent or inflated, without holding it', async () => {
    const declared = await rig.post('/v1/logs', 'x'.repeat(1_000_001));
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = process.memoryUsage.rss();
    const inflated = await rig.post('/v1/logs', new Uint8Array(bomb), { 'content-encoding': 'gzip' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
    expect([declared.status, inflated.status]).toEqual([413, 413]);
    expect(await inflated.json()).toEqual({ code: 8, message: 'the body has more than 1000000 bytes' });
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${rig.url}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
      for (let index = 0; index < 30; index += 1) request.write('y'.repeat(100_000));
      request.end();
    });
    expect(chunked).toBe(413);
  });

  it('answers 413 to what nests too deep', async () => {
    const json = await rig.post('/v1/logs', `{"resourceLogs":${'['.repeat(400_000)}${']'.repeat(400_000)}}`);
    expect([json.status, await json.json()]).toEqual([413, { code: 8, message: 'the JSON nests deeper than 200' }]);
    let value = new Uint8Array([]);
    for (let depth = 0; depth < 300; depth += 1) {
      // AnyValue { arrayValue { values [ ... ] } }
      const list = protobuf.Writer.create().uint32(10).bytes(value).finish();
      value = new Uint8Array(protobuf.Writer.create().uint32(42).bytes(list).finish());
    }
    let body: Uint8Array = protobuf.Writer.create().uint32(42).bytes(value).finish();
    for (const field of [18, 18, 10]) body = protobuf.Writer.create().uint32(field).bytes(body).finish();
    expect((await rig.post('/v1/logs', new Uint8Array(body), PROTOBUF)).status).toBe(413);
  });
});

describe('a receiver under pressure', () => {
  const config = { ...selfhealConfig.parse({}).intake.otlp, port: 0 };
  const empty = { lines: [], accepted: 0, rejected: 0, message: '' };
  let receiver: OtlpReceiver | undefined;
  afterEach(async () => {
    await receiver?.close();
  });
  const send = async (body = '{}') =>
    await fetch(`${receiver?.url}/v1/logs`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

  it('answers 429 while too much is under way', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver = await openOtlpReceiver({ config: { ...config, maxInFlightBytes: 100 }, read: async () => empty, take: () => held });
    const first = send('x'.repeat(80));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await send('y'.repeat(80));
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
    release();
    expect((await first).status).toBe(200);
    expect((await send('y'.repeat(80))).status).toBe(200);
  });

  it('answers 503 where nothing can be stored, and says nothing of why that is not the sender’s', async () => {
    let error: Error = new SelfhealError('STORE_FULL', 'no room');
    receiver = await openOtlpReceiver({ config, read: async () => empty, take: () => Promise.reject(error) });
    const full = await send();
    error = new Error('EIO: /home/secret');
    const broken = await send();
    expect([full.status, full.headers.get('retry-after'), broken.status, await broken.text()]).toEqual([
      503,
      '30',
      503,
      '{"code":14,"message":"the data could not be stored"}',
    ]);
  });

  it('answers what is under way when it is closed, and refuses what comes then', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver = await openOtlpReceiver({ config, read: async () => empty, take: () => held });
    const first = send();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = receiver?.close();
    await expect(send()).rejects.toThrow();
    release();
    expect((await first).status).toBe(200);
    await closed;
  });

  it('leaves the usual port to who has it, and fails for one that was asked for', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const parts = { read: async () => empty, take: async () => undefined };
    await expect(openOtlpReceiver({ config: { ...config, port }, ...parts })).rejects.toMatchObject({ code: 'INTAKE_PORT' });
    const usual = createServer();
    // Where another program has the port already, so much the better.
    await new Promise<void>((resolve) => usual.on('error', () => resolve()).listen(DEFAULT_OTLP_PORT, '127.0.0.1', () => resolve()));
    const { port: _, ...withoutPort } = config;
    expect(await openOtlpReceiver({ config: withoutPort, ...parts })).toBeUndefined();
    for (const server of [other, usual]) server.close();
  });
});
