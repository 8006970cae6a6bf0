import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CsvParser } from './csv-rows.ts';
import { otlpServices } from './otlp-services.ts';
import { serviceOfPod } from './pod-service.ts';
import { readServiceFolder } from './service-folder.ts';
import { timeMs } from './telemetry-table.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'services-'));
  await mkdir(join(folder, 'normal', 'log'), { recursive: true });
  const spans =
    'TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\nt,s,root,cart-5d8f7c9b4d-x2x4z,GET /,1700000000000000000,1700000000250000000,250000\nbroken\n';
  await writeFile(join(folder, 'a_trace.csv.gz'), gzipSync(spans));
  await writeFile(
    join(folder, 'normal', 'log', 'a.csv'),
    'TimeUnixNano,PodName,TraceID,SpanID,Log\n1700000000000000000,cart-5d8f7c9b4d-x2x4z,t,s,"say ""hi"",\nagain"\n',
  );
  await writeFile(
    join(folder, 'm.csv'),
    'Time,TimeStamp,PodName,CpuUsage(m)\nx,1700000000,cart-5d8f7c9b4d-x2x4z,12.5\nx,1700000060,cart-5d8f7c9b4d-x2x4z,\n',
  );
  await writeFile(join(folder, 'ids.csv'), 'abc\ndef\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readServiceFolder', () => {
  it('tells spans, logs and samples by their headers and sets the normal part apart', async () => {
    const { current, normal } = await readServiceFolder(folder);
    expect(current.spans).toEqual([
      { traceId: 't', spanId: 's', service: 'cart', operation: 'GET /', startMs: 1_700_000_000_000, durationMs: 250 },
    ]);
    expect(normal.logs).toMatchObject([{ service: 'cart', text: 'say "hi",\nagain', atMs: 1_700_000_000_000 }]);
    expect(current.metrics).toMatchObject([{ service: 'cart', name: 'CpuUsage(m)', value: 12.5 }]);
  });

  it('holds no more than the limit and tells how much it left off', async () => {
    expect(await readServiceFolder(folder, { limit: 1 })).toMatchObject({ leftOff: expect.any(Number) });
    expect((await readServiceFolder(folder, { limit: 1 })).leftOff).toBeGreaterThan(0);
  });
});

describe('CsvParser', () => {
  it('gives the same rows wherever the text is cut', () => {
    const text = 'a,"b ""q"" c",d\r\n"x\ny",,z\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new CsvParser();
      const rows = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut)), ...parser.end()];
      expect(rows).toEqual([
        ['a', 'b "q" c', 'd'],
        ['x\ny', '', 'z'],
      ]);
    }
  });
});

describe('serviceOfPod', () => {
  it.each([
    ['cart-5d8f7c9b4d-x2x4z', 'cart'],
    ['redis-0', 'redis'],
    ['order-other-service', 'order-other-service'],
  ])('%s belongs to %s', (pod, service) => expect(serviceOfPod(pod)).toBe(service));
});

describe('timeMs', () => {
  it('reads seconds to nanoseconds by size, and text as UTC', () => {
    expect(['1700000000', '1700000000000', '1700000000000000', '1700000000000000000', '2023-11-14 22:13:20'].map(timeMs)).toEqual(
      Array(5).fill(1_700_000_000_000),
    );
    expect(timeMs('soon')).toBeUndefined();
  });
});

describe('otlpServices', () => {
  it('reads a span with the frame of its exception, and skips what is malformed', () => {
    const text = (stringValue: string) => ({ stringValue });
    const span = {
      traceId: 'AB',
      spanId: 'CD',
      name: 'pay',
      startTimeUnixNano: '1700000000000000000',
      endTimeUnixNano: '1700000000005000000',
      status: { code: 2 },
      events: [
        { name: 'exception', attributes: [{ key: 'exception.stacktrace', value: text('Error: no\n    at pay (/app/pay.js:7:3)') }] },
      ],
    };
    const resource = { attributes: [{ key: 'service.name', value: text('pay') }] };
    const { spans } = otlpServices({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span, { name: 'no ids' }, 5] }] }] });
    expect(spans).toEqual([
      {
        traceId: 'ab',
        spanId: 'cd',
        service: 'pay',
        operation: 'pay',
        startMs: 1_700_000_000_000,
        durationMs: 5,
        failed: true,
        region: 'pay (/app/pay.js:7:3)',
      },
    ]);
    expect(otlpServices(null)).toEqual({ spans: [], logs: [], metrics: [] });
  });
});

describe('readServiceFolder of OTLP files', () => {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const resource = (name: string) => ({ attributes: [attribute('service.name', name)] });
  const traces = (name: string) => ({
    resourceSpans: [
      {
        resource: resource(name),
        scopeSpans: [
          {
            spans: [
              { traceId: 'aa', spanId: name, name: 'go', startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000001000000' },
            ],
          },
        ],
      },
    ],
  });
  const point = { timeUnixNano: '1700000000000000000' };
  const metrics = {
    resourceMetrics: [
      {
        resource: resource('pay'),
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'cpu',
                sum: {
                  isMonotonic: true,
                  aggregationTemporality: 2,
                  dataPoints: [{ ...point, asDouble: 7, attributes: [attribute('state', 'user')] }],
                },
              },
              {
                name: 'time',
                histogram: {
                  dataPoints: [
                    { ...point, sum: 30, count: '10' },
                    { ...point, count: '0' },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  };

  async function write(files: Record<string, string | Buffer>): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'otlp-services-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(root, name, '..'), { recursive: true });
      await writeFile(join(root, name), content);
    }
    return root;
  }

  it('reads one request a line, one a file, gzip, counters and histograms, and passes over torn lines', async () => {
    const root = await write({
      'a.jsonl': `${JSON.stringify(traces('one'))}\n{"resourceSp\n${JSON.stringify(traces('two'))}\n`,
      'b.json.gz': gzipSync(JSON.stringify(traces('three'), null, 2)),
      'baseline/c.json': JSON.stringify([traces('four'), metrics]),
      'notes.json': '{"faults": []}',
    });
    const { current, normal, files } = await readServiceFolder(root);
    expect(current.spans.map(({ service }) => service)).toEqual(['one', 'two', 'three']);
    expect(normal.spans.map(({ service }) => service)).toEqual(['four']);
    expect(normal.metrics).toMatchObject([
      { name: 'cpu{state=user}', value: 7, counter: true },
      { name: 'time', value: 3 },
    ]);
    expect(files).toBe(3);
  });

  it('keeps what a torn gzip file gives, and says so', async () => {
    const whole = gzipSync(`${JSON.stringify(traces('one'))}\n`.repeat(5_000));
    const root = await write({ 'a.jsonl.gz': whole.subarray(0, whole.length - 200), 'b.jsonl': JSON.stringify(traces('two')) });
    const { current, remarks } = await readServiceFolder(root);
    expect(current.spans.some(({ service }) => service === 'two')).toBe(true);
    expect(remarks).toEqual([expect.stringContaining('a.jsonl.gz')]);
  });

  it('fails where there is nothing', async () => {
    await expect(readServiceFolder('/nowhere/at/all')).rejects.toMatchObject({ code: 'TELEMETRY_MISSING' });
    await expect(readServiceFolder(await write({ 'x.csv': 'a,b\n1,2\n' }))).rejects.toMatchObject({ code: 'TELEMETRY_MISSING' });
  });

  it('survives arbitrary bytes', async () => {
    for (const bytes of [Buffer.from([0, 255, 10, 123]), Buffer.from('{'.repeat(5_000)), Buffer.from('[[[["')]) {
      const root = await write({ 'bad.json': bytes, 'bad.csv': bytes, 'good.json': JSON.stringify(traces('one')) });
      expect((await readServiceFolder(root)).current.spans).toHaveLength(1);
    }
  });
});
