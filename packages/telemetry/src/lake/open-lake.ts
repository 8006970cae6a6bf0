import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type EventQuery, type Lake, type LakeBatch, type Records, SelfhealError, type TelemetryEvent } from '@selfheal/contracts';
import { writeBatchFile } from './batch-file.ts';
import { batchPath } from './batch-path.ts';
import { type BatchChecks, batchChecks } from './checked-batches.ts';
import { type Compaction, type CompactionLimits, compactBatches } from './compact-batches.ts';
import { type Duck, isFileGone, openDuck } from './duckdb.ts';
import { compareEvents } from './event-columns.ts';
import { type FieldQuery, queryEvents } from './event-query.ts';
import { retainBatches } from './retain-batches.ts';
import { sourceSpansOf } from './source-spans.ts';
import { makeSpillFolder } from './spill-folder.ts';

export interface LakeOptions {
  /** Folder of the Parquet files; created where it is missing. */
  dir: string;
  /** Holds the catalogue: a `batch` record for each file that counts. */
  records: Records;
  /** DuckDB's memory cap. Default 256. */
  memoryLimitMb?: number | undefined;
  /** Epoch ms; for tests of retention. */
  now?: (() => number) | undefined;
  /** Told of each batch that had to be set aside. */
  onQuarantine?: ((error: SelfhealError) => void) | undefined;
}

export interface OpenLake extends Lake {
  /** Joins small old batches and their slices into larger ones; tells the batches joined so far. */
  compact(
    projectId: string,
    limits: CompactionLimits,
    options?: { signal?: AbortSignal; onProgress?: (joined: number) => void },
  ): Promise<Compaction>;
  close(): void;
}

/**
 * Opens the lake of telemetry events: Parquet files `<dir>/<project>/<yyyy-mm-dd>/<batch>.parquet`, of which those with a `batch`
 * record count. `write` makes the file; the caller commits its record together with the source offsets, and thereby shows it.
 */
export async function openLake(options: LakeOptions): Promise<OpenLake> {
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const spillDir = await makeSpillFolder(dir);
  const duck = await openDuck({ spillDir, memoryLimitMb: options.memoryLimitMb ?? 256 });
  const now = options.now ?? Date.now;
  const { records, onQuarantine } = options;
  const checks = batchChecks({ dir, records, now, ...(onQuarantine === undefined ? {} : { onQuarantine }) });
  const lake = { dir, records, now, duck, checks };
  return {
    write: (projectId, batchId, events) => write(lake, projectId, batchId, events),
    events: (query) => events(lake, query),
    retain: (projectId, limits) => retainBatches(lake, projectId, limits),
    compact: (projectId, limits, options) => compactBatches(lake, projectId, limits, options),
    close() {
      duck.close();
      rmSync(spillDir, { recursive: true, force: true });
    },
  };
}

interface LakeParts {
  readonly dir: string;
  readonly records: Records;
  readonly now: () => number;
  readonly duck: Duck;
  readonly checks: BatchChecks;
}

async function write(lake: LakeParts, projectId: string, batchId: string, events: readonly TelemetryEvent[]): Promise<LakeBatch> {
  const known = await lake.records.get('batch', batchId);
  if (known !== undefined && known.projectId !== projectId) {
    throw new SelfhealError('INPUT_INVALID', `batch ${batchId} belongs to project ${known.projectId}, not ${projectId}`);
  }
  if (known !== undefined && (await lake.checks.isWhole(known))) return known;
  assertTimes(events);
  const sorted = inOrder(events) ? events : [...events].sort(compareEvents);
  const from = sorted[0]?.time ?? 0;
  const file = batchPath(projectId, batchId, from);
  const written = await writeBatchFile(lake.duck, join(lake.dir, file), sorted);
  const to = sorted.at(-1)?.time ?? 0;
  return {
    id: batchId,
    projectId,
    file,
    ...written,
    events: sorted.length,
    from,
    to,
    createdAt: lake.now(),
    sources: sourceSpansOf(sorted),
  };
}

/** As the lines of one source mostly are. */
function inOrder(events: readonly TelemetryEvent[]): boolean {
  let before: TelemetryEvent | undefined;
  for (const event of events) {
    if (before !== undefined && compareEvents(before, event) > 0) return false;
    before = event;
  }
  return true;
}

function assertTimes(events: readonly TelemetryEvent[]): void {
  const wrong = events.find((event) => !Number.isFinite(event.time));
  if (wrong !== undefined) throw new SelfhealError('INPUT_INVALID', `event ${wrong.id} has no finite time`);
}

/**
 * Retention or compaction may take batches out of the catalogue, and then remove their files, between the look into it and the read.
 * The events of a joined batch are then elsewhere: the catalogue is asked again for as long as it changes.
 */
async function events<F extends keyof TelemetryEvent>(lake: LakeParts, query: FieldQuery<F>): Promise<Pick<TelemetryEvent, F>[]> {
  for (let vanishedFrom: string | undefined; ; ) {
    const batches = await cataloguedBatches(lake.records, query);
    const files = await lake.checks.usable(batches);
    if (files.length < batches.length) continue;
    if (files.length === 0) return [];
    try {
      return await lake.duck.with((connection) => queryEvents(connection, files, query));
    } catch (error) {
      const catalogue = batches.map(({ id }) => id).join();
      if (!isFileGone(error) || catalogue === vanishedFrom) throw error;
      vanishedFrom = catalogue;
    }
  }
}

/** The batches that can hold events of the query's time range. */
async function cataloguedBatches(records: Records, query: EventQuery): Promise<LakeBatch[]> {
  const { projectId, from, to } = query;
  const started = await records.list('batch', {
    where: { projectId },
    ...(to === undefined ? {} : { range: { field: 'from', to } }),
    orderBy: { field: 'from' },
  });
  return from === undefined ? started : started.filter((batch) => batch.to >= from);
}
