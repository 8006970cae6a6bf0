import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { mergeSlices, PARSE_MEMORY, TemplateMiner } from '@selfheal/telemetry';
import type { Row } from './table.ts';
import { ndjsonLine, otlpLine } from './telemetry-lines.ts';
import { HEAP_FLAGS, type RunRequest, type RunResult, sumOf } from './telemetry-run.ts';

const RECORDS = 400_000;
const OTLP_RECORDS = 200_000;
const OTLP_BATCH = 100;
const MAX_BYTES = 4_194_304;
const WARM_UP_RECORDS = 80_000;
const RUN_FILE = fileURLToPath(new URL('./telemetry-run.ts', import.meta.url));

/**
 * Telemetry end to end: read, redact, journal, decode, normalise, mine, aggregate, write. Records a second of processor time of the whole
 * process, DuckDB's threads included, so that a busy machine tells the same; each stage's share; then over worker threads, one part of the
 * sources each, whose merged statistics must be those of one thread over all parts.
 */
export async function runTelemetryBench(folder: string): Promise<Row[]> {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
  const ndjson = await writeLines(join(folder, 'ndjson'), ndjsonLines(0, RECORDS));
  const otlp = await writeLines(join(folder, 'otlp'), otlpLines(OTLP_RECORDS));
  return [...(await oneCore('NDJSON', ndjson)), ...(await oneCore('OTLP/JSON', otlp)), ...(await overThreads(folder))];
}

async function oneCore(name: string, request: RunRequest): Promise<Row[]> {
  const { records, warmUp, stages } = await runInThread({ ...request, warmUpRecords: WARM_UP_RECORDS });
  const total = sumOf(stages);
  return [
    { what: `${name}: records`, value: records, unit: '' },
    { what: `${name}: end to end, once warm`, value: ((records - warmUp.records) * 1e3) / total, unit: 'records/s a core' },
    { what: `${name}: with the start of the thread`, value: (records * 1e3) / (total + warmUp.ms), unit: 'records/s a core' },
    ...Object.entries(stages).map(([stage, ms]) => ({ what: `  ${stage}`, value: (100 * ms) / total, unit: '%' })),
  ];
}

async function overThreads(folder: string): Promise<Row[]> {
  const threads = availableParallelism();
  const share = Math.floor(RECORDS / threads);
  const parts: RunRequest[] = [];
  const again: RunRequest[] = [];
  for (let part = 0; part < threads; part += 1) {
    parts.push(await writeLines(join(folder, `thread-${part}`), ndjsonLines(part * share, share)));
    again.push(await writeLines(join(folder, `again-${part}`), ndjsonLines(part * share, share)));
  }
  const results = await Promise.all(parts.map(runInThread));
  const seconds = Math.max(...results.map(({ ms }) => ms)) / 1_000;
  const single: RunResult[] = [];
  for (const request of again) single.push(await runInThread(request));
  const secondsSingle = single.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  const records = results.reduce((sum, result) => sum + result.records, 0);
  return [
    { what: `${threads} threads: records a second`, value: records / seconds, unit: 'records/s' },
    { what: `${threads} threads against one, by the clock`, value: secondsSingle / seconds, unit: 'times' },
    { what: '  statistics or templates that differ', value: merged(results) === merged(single) ? 0 : 1, unit: '', bound: 0 },
  ];
}

/** What the parts say together, in the order of the parts, whichever thread ended first. Samples are chosen by the names of their files, which differ. */
function merged(results: readonly RunResult[]): string {
  const slice = mergeSlices(results.map((result) => result.slice));
  const miner = new TemplateMiner();
  for (const result of results) miner.merge(result.miner);
  const operations = slice.operations.map(({ operation, count, errors, timed }) => [operation, count, errors, timed]);
  return JSON.stringify([slice.events, operations, miner.state()]);
}

/** In a thread with the memory that the product's has. */
function runInThread(request: RunRequest): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(RUN_FILE, { workerData: request, resourceLimits: PARSE_MEMORY.heap });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function writeLines(folder: string, lines: Iterable<string>): Promise<RunRequest> {
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from(lines), createWriteStream(join(folder, 'service.log')));
  return { folder, log: 'service.log', maxBytes: MAX_BYTES };
}

/** In blocks: a write for each line would take longer than its reading. */
function* ndjsonLines(from: number, count: number): Generator<string> {
  for (let at = from; at < from + count; at += 1_000) {
    const block = Array.from({ length: Math.min(1_000, from + count - at) }, (_, index) => ndjsonLine(at + index));
    yield `${block.join('\n')}\n`;
  }
}

function* otlpLines(count: number): Generator<string> {
  for (let at = 0; at < count; at += OTLP_BATCH) yield `${otlpLine(at, OTLP_BATCH)}\n`;
}
