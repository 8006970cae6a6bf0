import type { Json } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { LineDetector } from './line-detector.ts';
import type { LineRecord } from './line-reader.ts';

const reference = Date.UTC(2024, 5, 1);

function read(line: string): LineRecord {
  const [record] = new LineDetector().read(line, { reference });
  if (record === undefined) throw new Error(`nothing was read from ${line}`);
  return record;
}

interface Case {
  line: string;
  format: string;
  text?: string;
  level?: string | number | undefined;
  stamp?: string;
  fields?: Record<string, Json>;
}

const cases: Case[] = [
  {
    line: 'EventBus.ts:56 2024-05-01T10:00:00.000Z 🎼 ExecutionQueue: Enqueued "Checkout (Batched)"',
    format: 'conductor',
    stamp: '2024-05-01T10:00:00.000Z',
    fields: { sequence: 'Checkout', phase: 'enqueued' },
  },
  { line: 'ExecutionQueue: Now executing "Checkout"', format: 'conductor', fields: { sequence: 'Checkout', phase: 'executing' } },
  { line: 'ExecutionQueue: Marked "Checkout" as completed', format: 'conductor', fields: { sequence: 'Checkout', phase: 'marked' } },
  {
    line: 'PerformanceTracker: Started timing beat 2 for Checkout',
    format: 'conductor',
    fields: { sequence: 'Checkout', beat: 2, outcome: 'started' },
  },
  { line: 'PerformanceTracker: ⏱️ Movement Settle completed in 12.34ms', format: 'conductor', fields: { component: 'PerformanceTracker' } },
  {
    line: 'PerformanceTracker: Movement Settle completed in 12.34ms',
    format: 'conductor',
    fields: { movement: 'Settle', values: { movementMs: 12.34 } },
  },
  {
    line: '✅ BeatExecutor: Beat 2 (cart.priced) completed in 12.5ms',
    format: 'conductor',
    fields: { beat: 2, event: 'cart.priced', durationMs: 12.5, outcome: 'ok' },
  },
  {
    line: 'BeatExecutor: Beat 2 (cart.priced) failed: no price',
    format: 'conductor',
    level: 'error',
    fields: { outcome: 'error', error: 'no price' },
  },
  {
    line: 'SequenceExecutor: Sequence "Checkout" completed in 40ms',
    format: 'conductor',
    fields: { sequence: 'Checkout', durationMs: 40, phase: 'completed' },
  },
  { line: 'SequenceExecutor: Sequence "Checkout" failed at beat 2', format: 'conductor', level: 'error', fields: { outcome: 'error' } },
  { line: 'Waiting 500ms for beat timing (after-beat)', format: 'conductor', fields: { waitMs: 500, timing: 'after-beat' } },
  { line: '   Sequence: Checkout', format: 'conductor', fields: { sequence: 'Checkout', context: true } },
  {
    line: 'DataBaton: changed {a} | seq=Checkout beat=3 event=stock.held handler=? plugin=Shop req=r-1',
    format: 'conductor',
    fields: { sequence: 'Checkout', beat: 3, event: 'stock.held', requestId: 'r-1' },
  },
  {
    line: 'SequenceRegistry: Registered sequence "Checkout" (id: checkout)',
    format: 'conductor',
    fields: { lifecycle: 'registered', registered: 'checkout' },
  },
  { line: 'Plugin mounted successfully: ShopPlugin', format: 'conductor', level: 'info', fields: { lifecycle: 'mounted' } },
  { line: 'ERROR Cleaned up failed movement', format: 'conductor', level: 'info', fields: { lifecycle: 'cleanup' } },
  { line: 'System initialized: FAILED', format: 'conductor', level: 'info' },
  { line: 'Queued: Checkout', format: 'conductor-2', fields: { phase: 'enqueued' } },
  { line: '▶ Executing: Checkout', format: 'conductor-2', fields: { sequence: 'Checkout', phase: 'executing' } },
  { line: 'Beat 3: 2.50ms', format: 'conductor-2', fields: { beat: 3, durationMs: 2.5 } },
  { line: 'Sequence Complete: Checkout (17ms)', format: 'conductor-2', fields: { sequence: 'Checkout', durationMs: 17 } },
  { line: '[EVENTBUS] 12:00 Emit: cart.priced', format: 'conductor-2', fields: { emitted: 'cart.priced' } },
  {
    line: '[2024-05-01 10:00:00.123 +02:00] [WRN] Shop.Cart: slow',
    format: 'serilog',
    text: 'slow',
    level: 'wrn',
    stamp: '2024-05-01T08:00:00.123Z',
    fields: { logger: 'Shop.Cart' },
  },
  { line: '[2024-05-01 10:00:00.123 +00:00] [Error] broke', format: 'serilog', text: 'broke', level: 'error' },
  {
    line: '{"level":30,"time":1714557600123,"pid":1,"hostname":"h","msg":"up"}',
    format: 'pino',
    text: 'up',
    level: 30,
    stamp: '2024-05-01T10:00:00.123Z',
  },
  { line: '{"name":"shop","hostname":"h","pid":1,"level":50,"msg":"x","time":"2024-05-01T10:00:00Z","v":0}', format: 'bunyan', level: 50 },
  { line: '{"level":"warn","message":"m","timestamp":"2024-05-01T10:00:00Z"}', format: 'winston', text: 'm', level: 'warn' },
  { line: '{"@timestamp":"2024-05-01T10:00:00Z","log.level":"error","message":"m","ecs.version":"8"}', format: 'ecs', level: 'error' },
  { line: '{"@t":"2024-05-01T10:00:00Z","@l":"Error","@mt":"m {a}"}', format: 'serilog-json', level: 'Error', text: 'm {a}' },
  {
    line: '{"timestamp":"2024-05-01T10:00:00Z","event":"cart.priced","handler":"priceCart","duration":3}',
    format: 'beat-log',
    text: 'cart.priced',
  },
  { line: '{"ts":1714557600.5,"severity":"INFO","text":"m"}', format: 'json', stamp: '2024-05-01T10:00:00.500Z' },
  {
    line: 'level=info ts=2024-05-01T10:00:00Z msg="hello \\"world\\"" duration=12ms',
    format: 'logfmt',
    text: 'hello "world"',
    stamp: '2024-05-01T10:00:00.000Z',
    fields: { duration: '12ms' },
  },
  { line: 'handler: chargeCard duration: 12ms', format: 'handler-duration', fields: { handler: 'chargeCard', durationMs: 12 } },
  {
    line: '2024-05-01 10:00:00 handler: chargeCard duration: 1.5s reqId=a x=1',
    format: 'handler-duration',
    fields: { durationMs: 1500, reqId: 'a' },
  },
  { line: 'ERROR - payment failed orderId=12', format: 'text', level: 'error', text: 'payment failed orderId=12', fields: { orderId: 12 } },
  {
    line: '1.2.3.4 - bob [10/Oct/2000:13:55:36 -0700] "GET /a?b=1 HTTP/1.0" 200 23 "http://r" "UA" 0.123',
    format: 'access-log',
    stamp: '2000-10-10T20:55:36.000Z',
    fields: { method: 'GET', url: '/a?b=1', status: 200, responseTime: 123, user: 'bob' },
  },
  {
    line: '1.2.3.4 - - [10/Oct/2000:13:55:36 +0000] "POST /b HTTP/1.1" 500 -',
    format: 'access-log',
    fields: { method: 'POST', status: 500 },
  },
  { line: 'GET /x/1 404 3.2 ms - 12', format: 'access-log', fields: { responseTime: 3.2, status: 404 } },
  {
    line: 'Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster',
    format: 'syslog',
    stamp: '2023-12-10T06:55:46.000Z',
    fields: { app: 'sshd', pid: '24200' },
  },
  { line: '<11>1 2024-05-01T10:00:00Z host shop 12 - - it broke', format: 'syslog', level: 'error', text: 'it broke' },
  {
    line: '<14>1 2024-05-01T10:00:00Z host shop 12 - - {"level":"error","message":"inner"}',
    format: 'winston',
    text: 'inner',
    fields: { app: 'shop' },
  },
  { line: '2024-05-01T10:00:00Z INFO main: started', format: 'text', level: 'info', text: 'main: started' },
  {
    line: '2015-10-18 18:01:47,978 INFO [main] org.a.B: Created',
    format: 'text',
    stamp: '2015-10-18T18:01:47.978Z',
    fields: { logger: 'main' },
  },
  { line: '[Sun Dec 04 04:47:44 2005] [error] child 6', format: 'text', level: 'error', stamp: '2005-12-04T04:47:44.000Z' },
  {
    line: 'info: request done {"service":"x","duration":3}',
    format: 'text-json',
    text: 'request done',
    fields: { service: 'x', duration: 3 },
  },
  {
    line: '[Nest] 123  - 05/01/2024, 3:04:05 PM     LOG [Cart] priced +3ms',
    format: 'text',
    stamp: '2024-05-01T15:04:05.000Z',
    fields: { pid: '123', logger: 'Cart' },
  },
  {
    line: '{"log":"{\\"level\\":50,\\"msg\\":\\"in\\"}\\n","stream":"stderr","time":"2024-05-01T10:00:00.1Z"}',
    format: 'pino',
    text: 'in',
    stamp: '2024-05-01T10:00:00.100Z',
    fields: { stream: 'stderr' },
  },
  { line: '2024-05-01T10:00:00.000000Z stdout F {"level":50,"msg":"in"}', format: 'pino', text: 'in', stamp: '2024-05-01T10:00:00.000Z' },
  { line: 'shop-1  | {"level":30,"msg":"in"}', format: 'pino', text: 'in' },
  { line: '081109 203615 148 WARN dfs.DataNode: slow', format: 'plain', level: 'warn', text: 'dfs.DataNode: slow' },
  { line: '2024-05-01T10:00:00Z 812 HOST-1 ERROR it broke', format: 'text', level: 'error', text: 'it broke' },
  { line: '{"level":"error","msg":"ERROR: no stock"}', level: 'error', text: 'no stock', format: 'json' },
  { line: '{"level":"error","msg":"2024-05-01 10:00:00,123 ERROR [io-1] no stock"}', text: '[io-1] no stock', format: 'json' },
  { line: '{"level":"error","msg":"Error: no stock"}', text: 'Error: no stock', format: 'json' },
  { line: '{"level":"info","msg":"ERROR rate is 0"}', text: 'ERROR rate is 0', format: 'json' },
  { line: '{"level":"info","msg":"2024-05-01 10:00:00 is the day"}', text: '2024-05-01 10:00:00 is the day', format: 'json' },
  { line: 'ts=2024-05-01T10:00:00Z level=warn msg="[WARN] slow"', format: 'logfmt', level: 'warn', text: 'slow' },
  { line: 'there was no ERROR today', format: 'plain', level: undefined },
  { line: 'something happened', format: 'plain', text: 'something happened' },
  { line: '{"torn":', format: 'plain', text: '{"torn":' },
];

describe('LineDetector', () => {
  it.each(cases)('reads $line', (seen) => {
    const { line, format, text, stamp, fields } = seen;
    const record = read(line);
    expect(record.format).toBe(format);
    if ('level' in seen) expect(record.level).toBe(seen.level);
    if (text !== undefined) expect(record.text).toBe(text);
    if (stamp !== undefined) expect(new Date(record.stamp ?? 0).toISOString()).toBe(stamp);
    if (fields !== undefined) expect(record.fields).toMatchObject(fields);
  });

  it('reads each line of a mixed log as it would alone', () => {
    const detector = new LineDetector();
    const mixed = [...cases, ...cases.toReversed()];
    const formats = mixed.map(({ line }) => detector.read(line, { reference })[0]?.format);
    expect(formats).toEqual(mixed.map(({ format }) => format));
  });

  it('asks the readers of plugins first, even after a sticky format', () => {
    const plugin = { name: 'ours', read: (line: string) => (line.includes('"ours"') ? { text: 'theirs', fields: {} } : undefined) };
    const detector = new LineDetector([plugin]);
    expect(detector.read('{"level":30,"msg":"a"}', { reference })[0]?.format).toBe('pino');
    expect(detector.read('{"level":30,"msg":"ours","ours":1}', { reference })[0]).toMatchObject({ text: 'theirs', format: 'ours' });
  });

  it('does not take SQL or prose for conductor lines', () => {
    expect(read('Executing: SELECT a FROM b WHERE c = 1').format).toBe('plain');
  });
});
