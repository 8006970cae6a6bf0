import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { isSelfhealError, SelfhealError, type ServiceLog, type ServiceMetric, type ServiceSpan } from '@selfheal/contracts';
import { type ByteSource, openByteSource } from '../intake/byte-source.ts';
import { csvRows } from './csv-rows.ts';
import { jsonValues } from './json-values.ts';
import { otlpServices } from './otlp-services.ts';
import { telemetryTable } from './telemetry-table.ts';

export interface FolderTelemetry {
  readonly spans: ServiceSpan[];
  readonly logs: ServiceLog[];
  readonly metrics: ServiceMetric[];
}

export interface ServiceFolder {
  readonly current: FolderTelemetry;
  /** From subfolders called `normal`, `baseline` or `fault-free`. */
  readonly normal: FolderTelemetry;
  /** Files that held telemetry. */
  readonly files: number;
  /** Records beyond `limit` that were left off. */
  readonly leftOff: number;
  /** What is wrong with single files; what could be read of them is there. */
  readonly remarks: readonly string[];
}

export interface ReadOptions {
  /** Chooses by time (milliseconds) which spans and logs of the current telemetry are held; metrics are small and all kept. */
  readonly keep?: (atMs: number) => boolean;
  /** At most this many records are held. */
  readonly limit?: number;
}

/**
 * Reads the telemetry of several services from a folder (or one file): CSV tables (what a file holds is told by its header) and OTLP/JSON export
 * requests, gzip or not. Fails with TELEMETRY_MISSING where there is no such folder or no telemetry in it.
 */
export async function readServiceFolder(
  folder: string,
  { keep = () => true, limit = 2_000_000 }: ReadOptions = {},
): Promise<ServiceFolder> {
  const remarks: string[] = [];
  const held = new HeldTelemetry(keep, limit);
  let files = 0;
  for (const file of await telemetryFiles(folder)) {
    try {
      if (await readTelemetryFile(file, held.part(isNormal(folder, file)))) files += 1;
    } catch (error) {
      if (!isSelfhealError(error)) throw error;
      remarks.push(error.message);
    }
  }
  if (files === 0) {
    const found = remarks[0] === undefined ? 'no file in it has spans, logs or metrics' : remarks[0];
    throw new SelfhealError('TELEMETRY_MISSING', found, { where: { path: folder } });
  }
  return { current: held.current, normal: held.normal, files, leftOff: held.leftOff, remarks };
}

type Records = Partial<{ spans: readonly ServiceSpan[]; logs: readonly ServiceLog[]; metrics: readonly ServiceMetric[] }>;

class HeldTelemetry {
  readonly current: FolderTelemetry = { spans: [], logs: [], metrics: [] };
  readonly normal: FolderTelemetry = { spans: [], logs: [], metrics: [] };
  leftOff = 0;
  readonly #keep: (atMs: number) => boolean;
  readonly #limit: number;
  #held = 0;

  constructor(keep: (atMs: number) => boolean, limit: number) {
    this.#keep = keep;
    this.#limit = limit;
  }

  /** Takes records into one of the two parts; all of the normal part is wanted. */
  part(isNormalPart: boolean): (records: Records) => void {
    const target = isNormalPart ? this.normal : this.current;
    const wanted = (atMs: number): boolean => isNormalPart || this.#keep(atMs);
    return ({ spans = [], logs = [], metrics = [] }) => {
      for (const span of spans) if (wanted(span.startMs) && this.#hasRoom()) target.spans.push(span);
      for (const log of logs) if (wanted(log.atMs) && this.#hasRoom()) target.logs.push(log);
      for (const metric of metrics) if (this.#hasRoom()) target.metrics.push(metric);
    };
  }

  #hasRoom(): boolean {
    const fits = this.#held < this.#limit;
    if (fits) this.#held += 1;
    else this.leftOff += 1;
    return fits;
  }
}

/** Of well-packed telemetry; beyond it a gzip file is taken for a bomb. */
const MAX_INFLATE_RATIO = 1_000;

/** Whether the file held telemetry. */
async function readTelemetryFile(file: string, add: (records: Records) => void): Promise<boolean> {
  const source = await openByteSource(file, MAX_INFLATE_RATIO);
  try {
    return isTable(file) ? await readTable(source, add) : await readRequests(source, add);
  } finally {
    await source.close();
  }
}

async function readTable(source: ByteSource, add: (records: Records) => void): Promise<boolean> {
  let table: ReturnType<typeof telemetryTable>;
  for await (const row of csvRows(source)) {
    if (table === undefined) {
      table = telemetryTable(row);
      if (table === undefined) return false;
    } else if (table.holds === 'metrics') add({ metrics: table.read(row) });
    else if (table.holds === 'spans') add({ spans: listOf(table.read(row)) });
    else add({ logs: listOf(table.read(row)) });
  }
  return table !== undefined;
}

async function readRequests(source: ByteSource, add: (records: Records) => void): Promise<boolean> {
  let isTelemetry = false;
  for await (const value of jsonValues(source)) {
    const { spans, logs, metrics } = otlpServices(value);
    isTelemetry ||= spans.length + logs.length + metrics.length > 0;
    add({ spans, logs, metrics });
  }
  return isTelemetry;
}

function listOf<T>(one: T | undefined): T[] {
  return one === undefined ? [] : [one];
}

function isTable(file: string): boolean {
  return /\.csv(?:\.gz)?$/i.test(file);
}

function isNormal(folder: string, file: string): boolean {
  return relative(folder, file)
    .split(sep)
    .some((part) => /^(?:normal|baseline|fault[-_]?free)$/i.test(part));
}

async function telemetryFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new SelfhealError('TELEMETRY_MISSING', 'no such file or folder', { where: { path }, cause });
  });
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:csv|json|jsonl|ndjson|otlp|log)(?:\.gz)?$/i.test(basename(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
