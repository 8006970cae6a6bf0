import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { recordApp, recordsIn, servedOnce } from './record-app.ts';

const LABEL = `function labelOf(order) {
  const prefix = 'to ';
  return prefix + order.customer.name;
}
`;

describe('an error that a request died of', () => {
  it('is recorded with the request, and the values of the application frames', async () => {
    const handler = '(text) => { const order = JSON.parse(text); return labelOf(order); }';
    const bodies = [{ customer: { name: 'Ada' } }, { customer: null, password: 'correct-horse-battery' }];
    const run = await recordApp({ 'app.mjs': `import http from 'node:http';\n${LABEL}${servedOnce(handler, bodies)}` });
    expect(run).toMatchObject({ exitCode: 0, stdout: '200 500', stderr: '' });
    expect(run.errors).toMatchObject([
      {
        severity: 'ERROR',
        attributes: {
          'exception.type': 'TypeError',
          'exception.message': "Cannot read properties of null (reading 'name')",
          'exception.stacktrace': expect.stringMatching(/labelOf \(.*app\.mjs:4:34\)/),
          'http.request.method': 'POST',
          'url.path': '/orders?page=2',
          'http.response.status_code': '500',
          'request.id': 'r-7',
        },
        frames: [{ function: 'labelOf', file: expect.stringMatching(/app\.mjs$/), line: 4, values: { prefix: 'to ' } }, {}, {}],
      },
    ]);
    const password = expect.stringMatching(/^<redacted:password:/);
    expect(run.errors[0]?.frames[0]?.values.order).toEqual({ customer: null, password });
    expect(JSON.stringify(run.records)).not.toContain('correct-horse');
  });

  it('is one record, with the frames of each place that threw it', async () => {
    const code = `
      const delay = () => new Promise((resolve) => setTimeout(resolve, 5));
      async function price(line) { await delay(); return line.product.price; }
      async function total(order) { const currency = 'EUR'; try { return await price(order.lines[0]); } catch (error) { throw error; } }
    `;
    const handler = 'async (text) => await total(JSON.parse(text))';
    const run = await recordApp({ 'app.mjs': `import http from 'node:http';\n${code}${servedOnce(handler, [{ lines: [{ sku: 'a' }] }])}` });
    expect(run.errors).toMatchObject([{ frames: [{ function: 'price', values: { line: { sku: 'a' } } }, { function: 'total' }] }]);
    expect(run.errors[0]?.frames[1]?.values).toMatchObject({ currency: 'EUR', order: { lines: [{ sku: 'a' }] } });
  });
});

it('takes an error that is handled for information', async () => {
  const handler = "(text) => { try { JSON.parse('{' + text); } catch { return 'fallback'; } }";
  const run = await recordApp({ 'app.mjs': `import http from 'node:http';\n${servedOnce(handler, [{}])}` });
  expect(run.stdout).toBe('200');
  expect(run.errors).toMatchObject([
    { severity: 'INFO', attributes: { 'exception.type': 'SyntaxError', 'selfheal.error.handled': 'yes' } },
  ]);
});

it('records what ends a process of CommonJS, and leaves its end as it is', async () => {
  const app = { 'app.cjs': `${LABEL}setTimeout(() => labelOf({ total: 10n, tags: new Set(['x']) }), 20);\n` };
  const [on, off] = [await recordApp(app), await recordApp(app, { SELFHEAL_RECORDER: 'off' })];
  const shown = (text: string) => text.replace(/\/[^\s:]*app\.cjs/g, 'app.cjs').replaceAll(/^\s+at .*\n?/gm, '');
  expect([on.exitCode, shown(on.stderr)]).toEqual([off.exitCode, shown(off.stderr)]);
  expect(on.errors).toMatchObject([
    {
      severity: 'FATAL',
      frames: [{ values: { order: { total: { $type: 'bigint', value: '10' }, tags: { $type: 'Set', values: ['x'] } } } }, {}],
    },
  ]);
  expect(off.records).toEqual([]);
});

it('gives positions of the TypeScript that the code was made from', async () => {
  const source = `interface Order { customer: { name: string } | null }

export function labelOf(order: Order): string {
  return order.customer!.name;
}

setTimeout(() => labelOf({ customer: null }), 10);
`;
  const { code, map } = await transform(source, { loader: 'ts', sourcemap: 'external', sourcefile: 'app.ts', minifyWhitespace: true });
  const run = await recordApp({ 'app.mjs': `${code}//# sourceMappingURL=app.mjs.map\n`, 'app.mjs.map': map, 'app.ts': source });
  expect(run.errors[0]?.frames[0]).toMatchObject({ function: 'labelOf', file: expect.stringMatching(/\/app\.ts$/), line: 4 });
  expect(run.errors[0]?.attributes['exception.stacktrace']).toMatch(/labelOf \(.*\/app\.ts:4:\d+\)/);
});

it('records in every process of a cluster', async () => {
  const run = await recordApp({
    'app.mjs': `import cluster from 'node:cluster';
function fail(worker) { return worker.missing.field; }
if (cluster.isPrimary) for (const id of ['a', 'b']) cluster.fork({ WORKER: id });
else { try { fail({ id: process.env.WORKER }); } catch {} process.disconnect(); }
`,
  });
  expect(run.errors.map(({ frames }) => frames[0]?.values.worker)).toEqual(expect.arrayContaining([{ id: 'a' }, { id: 'b' }]));
});

it('runs no code of the application, and survives what is hostile to it', async () => {
  const run = await recordApp({
    'app.mjs': `Error.prepareStackTrace = () => { throw new Error('not for you'); };
Object.prototype.toJSON = () => { throw new Error('nor you'); };
let touched = 0;
const trap = new Proxy({}, { get() { touched += 1; }, ownKeys() { touched += 1; return []; }, getPrototypeOf() { touched += 1; return null; } });
function fail(value, proxy) { later; let later = 1; }
const value = { get secret() { touched += 1; return 1; }, list: Array.from({ length: 100000 }, (_, i) => i), text: 'x'.repeat(1e6) };
value.self = value;
try { fail(value, trap); } catch {}
console.log(touched);
`,
  });
  expect(run).toMatchObject({ exitCode: 0, stdout: '0' });
  const values = run.errors[0]?.frames[0]?.values;
  expect(values).toMatchObject({
    value: { secret: { $type: 'getter' }, self: { $type: 'circular' }, text: { $type: 'text', length: 1_000_000 } },
    proxy: { $type: 'proxy' },
  });
  expect(values).not.toHaveProperty('later');
  expect(JSON.stringify(values).length).toBeLessThan(20_000);
});

describe('the receiver', () => {
  const failing = "function fail(n) { throw new Error('no ' + n); }\ntry { fail(1); } catch {}\n";

  it('gets OTLP/HTTP before the process ends', async () => {
    const requests: { path: string | undefined; body: string; key: string | string[] | undefined }[] = [];
    const receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      requests.push({ path: request.url, body: Buffer.concat(parts).toString('utf8'), key: request.headers['x-key'] });
      response.end('{}');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    await recordApp(
      { 'app.mjs': failing },
      {
        SELFHEAL_RECORDER_FILE: '',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
        OTEL_SERVICE_NAME: 'shop',
      },
    );
    receiver.close();
    expect(requests).toMatchObject([
      { path: '/v1/logs', key: 'a b', body: expect.stringContaining('{"key":"service.name","value":{"stringValue":"shop"}}') },
    ]);
    expect(recordsIn(requests[0]?.body ?? '')).toMatchObject([{ body: 'Error: no 1', frames: [{ values: { n: 1 } }, {}] }]);
  });

  it('may be away: nothing is printed, and the process ends as soon as it would', async () => {
    const run = await recordApp({ 'app.mjs': failing }, { SELFHEAL_RECORDER_FILE: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

it('stops pausing in an error storm', async () => {
  const sites = Array.from({ length: 400 }, (_, n) => `(n) => { throw new Error('no ' + n + '/${n}'); },`).join('\n');
  const throws = 20_000;
  const run = await recordApp({
    'app.mjs': `const sites = [\n${sites}\n];
for (let n = 0; n < ${throws}; n += 1) { try { sites[n % sites.length](n); } catch {} }
`,
  });
  expect(run.exitCode).toBe(0);
  expect(run.errors.length).toBeGreaterThan(5);
  // Every site may be recorded ten times: without the cap there were 4,000.
  expect(run.errors.length).toBeLessThan(2_000);
});

it('samples calls that go well of what failed before, with arguments as they came in and the result', async () => {
  const run = await recordApp({
    'app.mjs': `import { existsSync, readFileSync } from 'node:fs';
function labelOf(order) { order.seen = true; return { label: order.customer.name }; }
async function load(id) { await null; if (id < 0) throw new RangeError('no such'); return { id, found: new Date(0) }; }
try { labelOf({}); } catch {}
await load(-1).catch(() => {});
const file = process.env.SELFHEAL_RECORDER_FILE;
const wanted = ['labelOf returned', 'load returned'];
const recorded = () => existsSync(file) && wanted.every((text) => readFileSync(file, 'utf8').includes(text));
for (let id = 1; id < 1500 && !(id % 20 === 0 && recorded()); id += 1) {
  labelOf({ customer: { name: 'n' + id } });
  await Promise.all([load(id), load(id + 0.5)]);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
`,
  });
  const label = run.calls.find(({ body }) => body.startsWith('labelOf'));
  expect(label?.result).toEqual({ label: expect.stringMatching(/^n\d+$/) });
  expect(label?.frames[0]?.values).toEqual({ order: { customer: { name: Object(label?.result).label } } });
  const load = run.calls.find(({ body }) => body.startsWith('load'));
  expect(load?.result).toEqual({ id: load?.frames[0]?.values.id, found: { $type: 'Date', value: '1970-01-01T00:00:00.000Z' } });
});
