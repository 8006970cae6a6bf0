import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { execa } from 'execa';
import { lineWith } from './line-with.ts';
import type { Row } from './table.ts';

const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/selfheal.js');
const BATCH = 512;
const AT_ONCE = 4;
const AGAIN_MS = 300;

export interface KillFigures {
  readonly acknowledged: number;
  /** Spans of the lake, however often each is there. */
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly kills: number;
  /** Exports that were sent again because nobody answered, or with a refusal. */
  readonly repeated: number;
  readonly sendingMs: number;
  readonly totalMs: number;
}

/** `npm run bench otlp`: an OpenTelemetry SDK sends a million spans while `selfheal up` is killed ten times. */
export async function runOtlpBench(folder: string): Promise<Row[]> {
  const figures = await killWhileSending(folder, { spans: 1_000_000, kills: 10 });
  return [
    { what: 'spans acknowledged', value: figures.acknowledged, unit: '' },
    { what: 'spans in the lake', value: figures.stored, unit: '' },
    { what: 'acknowledged and not in the lake', value: figures.lost, unit: '', bound: 0 },
    { what: 'in the lake more than once', value: figures.doubled, unit: '', bound: 0 },
    { what: 'kill -9 while sending', value: figures.kills, unit: '' },
    { what: 'exports sent again', value: figures.repeated, unit: '' },
    { what: 'sending, with restarts', value: figures.sendingMs / 1_000, unit: 's' },
    { what: 'until the last span was in the lake', value: figures.totalMs / 1_000, unit: 's' },
  ];
}

/** Sends spans to an `up` that is killed at even shares of them, waits until all are read, and compares. */
export async function killWhileSending(folder: string, { spans, kills }: { spans: number; kills: number }): Promise<KillFigures> {
  const repo = await makeRepository(folder);
  const port = await freePort();
  const exporter = new PersistentExporter(`http://127.0.0.1:${port}/v1/traces`);
  let up = await startUp(repo, port);
  const started = performance.now();
  let killed = 0;
  try {
    const sending = sendSpans(exporter, spans);
    for (; killed < kills; killed += 1) {
      await exporter.reached(Math.floor(((killed + 0.5) * spans) / kills));
      await up.end('SIGKILL');
      up = await startUp(repo, port);
    }
    await sending;
    const sendingMs = performance.now() - started;
    await intakeIsEmpty(repo);
    const totalMs = performance.now() - started;
    await up.end('SIGTERM');
    return { ...(await compare(repo, exporter.acknowledged)), kills: killed, repeated: exporter.repeated, sendingMs, totalMs };
  } finally {
    await up.end('SIGKILL');
  }
}

/** An application's exporter: the real one, each batch sent again until it is acknowledged. */
class PersistentExporter implements SpanExporter {
  readonly acknowledged = new Set<string>();
  repeated = 0;
  readonly #exporter: OTLPTraceExporter;
  #waiting: { count: number; reached: () => void } | undefined;

  constructor(url: string) {
    this.#exporter = new OTLPTraceExporter({
      url,
      compression: CompressionAlgorithm.GZIP,
      timeoutMillis: 30_000,
      concurrencyLimit: AT_ONCE,
    });
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    void this.#persist(spans).then(() => done({ code: ExportResultCode.SUCCESS }));
  }

  /** Resolves when so many spans are acknowledged. */
  async reached(count: number): Promise<void> {
    if (this.acknowledged.size >= count) return;
    await new Promise<void>((reached) => {
      this.#waiting = { count, reached };
    });
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  async #persist(spans: ReadableSpan[]): Promise<void> {
    while ((await this.#once(spans)) !== ExportResultCode.SUCCESS) {
      this.repeated += 1;
      await delay(AGAIN_MS);
    }
    for (const span of spans) this.acknowledged.add(span.spanContext().spanId);
    if (this.#waiting !== undefined && this.acknowledged.size >= this.#waiting.count) this.#waiting.reached();
  }

  #once(spans: ReadableSpan[]): Promise<ExportResultCode> {
    return new Promise((resolve) => this.#exporter.export(spans, ({ code }) => resolve(code)));
  }
}

/** Several processors, as several services would: a processor has one export under way. */
async function sendSpans(exporter: SpanExporter, count: number): Promise<void> {
  const each = Math.ceil(count / AT_ONCE);
  await Promise.all(Array.from({ length: AT_ONCE }, (_, part) => sendPart(exporter, part, Math.min(each, count - part * each))));
}

async function sendPart(exporter: SpanExporter, part: number, count: number): Promise<void> {
  const processor = new BatchSpanProcessor(exporter, {
    maxExportBatchSize: BATCH,
    maxQueueSize: BATCH * 2,
    exportTimeoutMillis: 3_600_000,
  });
  const resource = resourceFromAttributes({ 'service.name': `sender-${part}`, 'service.version': '1.0.0' });
  const tracer = new BasicTracerProvider({ resource, spanProcessors: [processor] }).getTracer('bench');
  for (let sent = 0; sent < count; ) {
    for (let inBatch = 0; inBatch < BATCH && sent < count; inBatch += 1, sent += 1) {
      const end = Date.now();
      const attributes = { 'http.request.method': 'GET', 'http.route': `/orders/${sent % 20}`, 'http.response.status_code': 200 };
      tracer.startSpan(`GET /orders/${sent % 20}`, { kind: 1, startTime: end - 5 - (sent % 7), attributes }, undefined).end(end);
    }
    await processor.forceFlush();
  }
}

async function makeRepository(folder: string): Promise<string> {
  const repo = join(folder, 'otlp');
  await execa('git', ['init', '-q', '-b', 'main', repo]);
  await writeFile(join(repo, 'package.json'), '{"name":"sender","version":"1.0.0","type":"module","scripts":{"test":"node --test"}}\n');
  // What is measured is the way into the lake: sweeps wait.
  await writeFile(join(repo, 'selfheal.config.json'), '{"schedules":{"parseMs":1000,"sweepMs":86400000}}\n');
  await execa('git', ['add', '.'], { cwd: repo });
  await execa('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-q', '-m', 'start'], { cwd: repo });
  return repo;
}

interface Running {
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

async function startUp(repo: string, port: number): Promise<Running> {
  const child = execa(process.execPath, [COMMAND, 'up', '--repo', repo, '--otlp', String(port), '--quiet'], {
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
  });
  await lineWith(child.stderr, 'OTLP/HTTP');
  return {
    async end(signal) {
      child.kill(signal);
      await child;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function intakeIsEmpty(repo: string): Promise<void> {
  const folder = join(repo, '.selfheal/intake');
  while ((await readdir(folder)).some((name) => name.endsWith('.sealed'))) await delay(500);
}

async function compare(
  repo: string,
  acknowledged: ReadonlySet<string>,
): Promise<Pick<KillFigures, 'acknowledged' | 'stored' | 'lost' | 'doubled'>> {
  const connection = await (await DuckDBInstance.create()).connect();
  const files = join(repo, '.selfheal/lake/*/*/*.parquet').replaceAll("'", "''");
  const answer = await connection.stream(`select "spanId", count(*)::integer as times from '${files}' where kind = 'span' group by 1`);
  let [stored, doubled, found] = [0, 0, 0];
  for await (const rows of answer.yieldRowsJs())
    for (const [id, times] of rows) {
      stored += Number(times);
      if (Number(times) > 1) doubled += 1;
      if (acknowledged.has(String(id))) found += 1;
    }
  connection.closeSync();
  return { acknowledged: acknowledged.size, stored, lost: acknowledged.size - found, doubled };
}
