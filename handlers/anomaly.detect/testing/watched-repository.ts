import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anomaly, type BeatOutput, beats, type Ports, selfhealConfig } from '@selfheal/contracts';
import { createLocalForge } from '@selfheal/forge';
import { openRedaction } from '@selfheal/redaction';
import { createCodebase } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { openStore } from '@selfheal/store';
import { openLake, openLogSources } from '@selfheal/telemetry';
import { telemetryParseHandlers } from '../../telemetry.parse/index.ts';
import { anomalyDetectHandlers } from '../index.ts';

export interface Sweep {
  readonly snapshot: BeatOutput<'loadTelemetryData'>['snapshot'];
  readonly anomalies: Anomaly[];
  readonly suppressed: BeatOutput<'aggregateAnomalyResults'>['suppressed'];
  readonly stored: BeatOutput<'storeAnomalyResults'>;
  readonly completed: BeatOutput<'detectAnomaliesCompleted'>;
}

export interface WatchedRepository extends AsyncDisposable {
  readonly root: string;
  readonly projectId: string;
  readonly ports: Ports;
  ingest(...paths: string[]): Promise<void>;
  /** The nine beats over all that was ingested, each output through JSON and its contract as the engine passes it. */
  sweep(now?: number): Promise<Sweep>;
}

/** A repository, as `build` makes it in an empty folder, with real ports: SQLite, DuckDB, git, the sandbox. */
export async function watchRepository(
  build: (root: string) => Promise<unknown>,
  config: Record<string, unknown> = {},
): Promise<WatchedRepository> {
  const base = await mkdtemp(join(tmpdir(), 'anomaly-'));
  const root = join(base, 'repository');
  await build(root);
  const projectId = 'shop';
  const dataDir = join(base, 'data');
  const project = { id: projectId, root, dataDir, config: selfhealConfig.parse(config) };
  const store = await openStore({ dataDir });
  const { records } = store;
  const lake = await openLake({ dir: join(dataDir, 'lake'), records });
  const sandbox = createSandbox({ root, dataDir, config: project.config });
  const sources = openLogSources({ journalDir: join(dataDir, 'journal'), records, projectRoot: root, config: project.config });
  const codebase = createCodebase({ root, dataDir, config: project.config, sandbox, records, projectId });
  const forge = createLocalForge({
    root,
    dataDir,
    projectId,
    records,
    sandbox,
    config: project.config,
    redaction: await openRedaction(join(dataDir, 'journal')),
  });
  const beat = {
    workflowId: 'test',
    sequence: 'anomaly.detect',
    beat: 'test',
    attempt: 1,
    key: 'test',
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  };
  const ports: Ports = { beat, project, clock: { now: () => Date.now() }, records, lake, sources, codebase, sandbox, forge };
  return {
    root,
    projectId,
    ports,
    ingest: (...paths) => ingest(ports, paths),
    sweep: (now) => sweep(ports, now),
    async [Symbol.asyncDispose]() {
      lake.close();
      await store.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function ingest(ports: Ports, paths: string[]): Promise<void> {
  const handlers = telemetryParseHandlers;
  const { projectId, maxBytes } = handlers.parseTelemetryRequested({ projectId: ports.project.id, paths });
  const { segments, rejected } = await handlers.loadLogFiles({ projectId, paths, maxBytes }, ports);
  const { events: raw, miner } = await handlers.extractTelemetryEvents({ projectId, segments }, ports);
  const normal = handlers.normalizeTelemetryData({ events: raw, miner });
  const { slices } = handlers.aggregateTelemetryMetrics({ events: normal.events });
  await handlers.storeTelemetryDatabase({ projectId, segments, rejected, events: normal.events, miner: normal.miner, slices }, ports);
}

async function sweep(ports: Ports, at?: number): Promise<Sweep> {
  const { project, records } = ports;
  const batches = await records.list('batch', { where: { projectId: project.id } });
  const from = Math.min(...batches.map((batch) => batch.from));
  const to = Math.max(...batches.map((batch) => batch.to));
  const handlers = anomalyDetectHandlers;
  const requested = handlers.detectAnomaliesRequested({ projectId: project.id, now: at ?? to + 1, from, to });
  const loaded = beats.loadTelemetryData.output.parse(throughJson(await handlers.loadTelemetryData(requested, ports)));
  const aggregated = beats.aggregateAnomalyResults.output.parse(
    throughJson(
      handlers.aggregateAnomalyResults({
        snapshot: loaded.snapshot,
        performance: handlers.detectPerformanceAnomalies(loaded).anomalies,
        behavioral: handlers.detectBehavioralAnomalies(loaded).anomalies,
        coverage: handlers.detectCoverageGaps(loaded).anomalies,
        errors: handlers.detectErrorPatterns(loaded).anomalies,
      }),
    ),
  );
  const stored = await handlers.storeAnomalyResults({ projectId: project.id, ...aggregated }, ports);
  const completed = handlers.detectAnomaliesCompleted({ ...stored, suppressed: aggregated.suppressed });
  return { snapshot: loaded.snapshot, anomalies: aggregated.anomalies, suppressed: aggregated.suppressed, stored, completed };
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
