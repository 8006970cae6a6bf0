import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { slicesOf } from './aggregate/slices.ts';
import { totalsOf } from './aggregate/totals.ts';
import { extractEvents } from './extract/extract-events.ts';
import type { PlacedLine } from './extract/join-lines.ts';
import { foldFlows } from './flows/fold-flows.ts';
import { Journal } from './intake/journal.ts';
import { JournalLines } from './intake/journal-lines.ts';
import { normaliseEvents } from './normalise/normalise-events.ts';
import type { ParsedError } from './stack/parse-stack.ts';

/** What a corpus of many dialects comes to, by hash: work on speed must leave every event, slice and flow as it was. */

const START = Date.UTC(2024, 4, 1);
const GROUPS = 300;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixed-corpus-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('gives the same events, slices and flows', async () => {
  const journal = new Journal(folder);
  const texts = Array.from({ length: GROUPS }, (_, number) => linesOf(number)).flat();
  let offset = 0;
  const lines = texts.map((text, index): PlacedLine => {
    const placed = { offset, line: index + 1, text };
    offset += Buffer.byteLength(text) + 1;
    return placed;
  });
  await journal.write('mixed', { sourceId: 'corpus', path: 'mixed.log', ingestedAt: START }, new JournalLines(lines));
  const segment = {
    id: 'mixed',
    sourceId: 'corpus',
    path: 'mixed.log',
    identity: 'corpus',
    fromOffset: 0,
    toOffset: offset,
    firstLine: 1,
    lines: lines.length,
    bytes: offset,
    redactions: 0,
  };
  const mapper = {
    mapFrames: async (frames: readonly ParsedError['frames'][number][]) => frames.map((frame) => ({ ...frame, inApp: true })),
    mapError: async ({ type, message, code, frames }: ParsedError) => ({
      type,
      message,
      ...(code === undefined ? {} : { code }),
      frames: frames.map((frame) => ({ ...frame, inApp: true })),
    }),
  };
  const extracted = await extractEvents([segment], { journal, mapper, readers: [], signal: new AbortController().signal });
  const { events, miner } = normaliseEvents(extracted.events, { version: 0, templates: [] });
  const slices = slicesOf(events);
  const flows = foldFlows(events, { now: totalsOf(events, slices).to ?? 0 });
  expect({
    formats: extracted.formats,
    unparsed: extracted.unparsed,
    events: events.length,
    slices: slices.length,
    flows: flows.length,
  }).toMatchInlineSnapshot(`
    {
      "events": 3628,
      "flows": 1,
      "formats": {
        "access-log": 300,
        "ecs": 300,
        "logfmt": 300,
        "otlp-log": 600,
        "otlp-span": 300,
        "pino": 600,
        "plain": 300,
        "syslog": 300,
        "text": 328,
        "winston": 300,
      },
      "slices": 89,
      "unparsed": 300,
    }
  `);
  expect({ events: hashOf(events), miner: hashOf(miner), slices: hashOf(slices), flows: hashOf(flows) }).toMatchInlineSnapshot(`
    {
      "events": "4d02c354c6d44e8c",
      "flows": "fdaa6f44d76abea9",
      "miner": "5f62a57d150a6a18",
      "slices": "64911ad89897d9c3",
    }
  `);
});

/** In whatever order fields were set. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortedKeys)).digest('hex').slice(0, 16);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a service and its neighbours log of one request, each in a dialect of its own. */
function linesOf(number: number): string[] {
  const at = START + number * 731;
  const time = new Date(at).toISOString();
  const id = `req-${number.toString(36).padStart(6, '0')}`;
  const failed = number % 11 === 0;
  const trace = number.toString(16).padStart(32, 'a');
  return [
    JSON.stringify({
      level: 30,
      time: at,
      pid: 7,
      hostname: 'a',
      reqId: id,
      req: { method: 'POST', url: `/orders/${number}?dry=1`, body: { item: number % 7 } },
      msg: 'incoming request',
    }),
    JSON.stringify({
      level: 'info',
      timestamp: time,
      service: 'shop',
      version: number < 150 ? '1.0.0' : '1.1.0',
      requestId: id,
      handler: 'createOrder',
      durationMs: (number * 37) % 90,
      message: `order ${number} created`,
      context: { input: { item: number } },
    }),
    JSON.stringify({
      level: failed ? 50 : 30,
      time: at + 5,
      pid: 7,
      hostname: 'a',
      reqId: id,
      res: { statusCode: failed ? 500 : 201 },
      responseTime: 3 + (number % 40),
      ...(failed
        ? {
            err: {
              type: 'TypeError',
              message: `no price of ${number}`,
              stack: `TypeError: no price of ${number}\n    at price (/srv/src/price.js:4:11)`,
            },
          }
        : {}),
      msg: 'request completed',
    }),
    `{"@timestamp":"${time}","log.level":"warn","message":"retry ${number % 5} of 3","ecs.version":"8.1","trace.id":"${trace}","labels":{"step":"retry"}}`,
    `time=${time} level=info msg="cache miss for user ${number}" duration=${number % 30}ms release=2.0.${number % 2}`,
    `10.0.0.${number % 250} - - [01/May/2024:00:00:${String(number % 60).padStart(2, '0')} +0000] "GET /items/${number} HTTP/1.1" ${failed ? 503 : 200} ${number * 3} "-" "curl/8"`,
    `<34>1 ${time} host app ${number} ID47 - connection to 10.1.${number % 256}.4 lost`,
    `${time} INFO stock of item ${number} reserved`,
    ...(failed
      ? [
          `${time} ERROR payment failed`,
          `PaymentError: card ${number} declined`,
          '    at charge (/srv/src/pay.js:10:3)',
          '    at async run (/srv/src/run.js:2:1)',
        ]
      : []),
    `a line of no format number ${number}`,
    otlp(number, at, trace),
  ];
}

function otlp(number: number, at: number, traceId: string): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'stock' } }] };
  const body = { stringValue: `reserve ${number} in warehouse ${number % 9}` };
  const attributes = [
    { key: 'handler', value: { stringValue: 'reserve' } },
    { key: 'durationMs', value: { doubleValue: number % 17 } },
    { key: 'count', value: { intValue: String(number) } },
  ];
  const spanId = number.toString(16).padStart(16, 'b');
  const log = { timeUnixNano: `${at}000000`, severityNumber: 9, body, attributes, traceId, spanId };
  const span = {
    traceId,
    spanId,
    name: 'reserve',
    kind: 2,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 9}500000`,
    attributes,
    status: { code: number % 13 === 0 ? 2 : 1, message: 'out of stock' },
  };
  return JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log, { ...log, body: { kvlistValue: { values: attributes } } }] }] }],
    resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }],
  });
}
