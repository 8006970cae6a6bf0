import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { selfhealConfig } from '@selfheal/contracts';
import { PARSE_MEMORY } from '@selfheal/telemetry';
import { execa } from 'execa';
import type { Row } from './table.ts';
import { ndjsonLine } from './telemetry-lines.ts';
import { HEAP_FLAGS, runTelemetry } from './telemetry-run.ts';

const GIGABYTE = 1_000_000_000;
const PART = 100_000_000;
const BLOCK = 1_000;

/**
 * The greatest memory of a process that reads very much: 10 GB of lines, or as many as SELFHEAL_BENCH_GB says. Made part by part, each
 * read to its end and removed, so that the disk need not hold them. The process is one of its own, started as any other; it parses in a
 * thread with the heap that the product's has.
 */
export async function runMemoryBench(folder: string): Promise<Row[]> {
  const { stdout } = await execa(process.execPath, [...HEAP_FLAGS, fileURLToPath(import.meta.url), folder], { stderr: 'inherit' });
  return JSON.parse(stdout);
}

async function readVeryMuch(folder: string): Promise<Row[]> {
  const bytes = Number(process.env.SELFHEAL_BENCH_GB ?? 10) * GIGABYTE;
  let read = 0;
  let number = 0;
  let records = 0;
  let ms = 0;
  while (read < bytes) {
    const part = join(folder, 'part');
    await mkdir(part, { recursive: true });
    const lines = partOf(number, Math.min(PART, bytes - read), (made, length) => {
      number = made;
      read += length;
    });
    await pipeline(Readable.from(lines), createWriteStream(join(part, 'service.log')));
    const result = await runTelemetry({ folder: part, log: 'service.log', maxBytes: selfhealConfig.parse({}).intake.maxChunkBytes });
    records += result.records;
    ms += result.ms;
    await rm(part, { recursive: true });
    process.stderr.write(`${(read / GIGABYTE).toFixed(1)} GB, ${records} records, ${Math.round(greatestMb())} MB at most\n`);
  }
  return [
    { what: 'input', value: read / GIGABYTE, unit: 'GB' },
    { what: '  records', value: records, unit: '' },
    { what: '  records a second, by the clock', value: (records * 1_000) / ms, unit: 'records/s' },
    { what: '  greatest memory of the process', value: greatestMb(), unit: 'MB', bound: 512 },
  ];
}

function greatestMb(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

function* partOf(from: number, bytes: number, told: (number: number, bytes: number) => void): Generator<string> {
  let number = from;
  for (let made = 0; made < bytes; ) {
    const block = `${Array.from({ length: BLOCK }, (_, index) => ndjsonLine(number + index)).join('\n')}\n`;
    number += BLOCK;
    made += block.length;
    told(number, block.length);
    yield block;
  }
}

if (!isMainThread) parentPort?.postMessage(await readVeryMuch(workerData));
else if (import.meta.main) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: process.argv[2] ?? '.', resourceLimits: PARSE_MEMORY.heap });
  const [rows] = await once(worker, 'message');
  process.stdout.write(JSON.stringify(rows));
}
