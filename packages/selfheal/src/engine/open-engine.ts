import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BeatRun, Incident, IncidentStatus, Plugin, Records } from '@selfheal/contracts';
import { incidentStatus } from '@selfheal/contracts';
import { claimEngine, createBlobs, readEngine } from '@selfheal/store';
import {
  type BeatHost,
  type ClusterSettings,
  clusterFromEnvironment,
  connectClient,
  createEngineClient,
  type Engine,
  type EngineClient,
  endAbandonedServer,
  type IncidentMark,
  resolveTemporalBinary,
  startEngine,
  startTracing,
} from '@selfheal/temporal';
import { createBeats } from '../beats/beat-registry.ts';
import { offClockWindows } from '../heal/stored-windows.ts';
import { doChoreOf } from '../housekeeping/chores.ts';
import { createBeatLog } from '../observe/beat-log.ts';
import { createProjectPorts } from '../ports/create-ports.ts';
import type { OpenProject } from '../project/open-project.ts';
import { lazyProposers } from '../proposals/lazy-proposers.ts';
import { settleProposals } from '../proposals/settle-proposals.ts';
import { lazyHost } from '../remediation/lazy-host.ts';
import { createPurePool } from '../threads/pure-pool.ts';
import { createTelemetryPool } from '../threads/telemetry-pool.ts';
import { once } from './once.ts';

/** An engine that this process runs, or a running one of another process that it talks to. */
export interface OpenEngine {
  readonly client: EngineClient;
  /** Set where this process runs the engine; schedules and shutdown are its business then. */
  readonly own: Engine | undefined;
  readonly address: string;
  readonly uiUrl: string | undefined;
  close(): Promise<void>;
}

export interface EngineEvents {
  onBeat?(run: BeatRun & { event?: string }): void;
  onNotice?(line: string): void;
  onStep?(line: string): void;
  onIncident?(incident: Incident): void;
}

interface EngineRequest {
  readonly project: OpenProject;
  readonly records: Records;
  /** References that records hold. */
  readonly references: () => Promise<ReadonlySet<string>>;
  readonly plugins: readonly Plugin[];
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  readonly events: EngineEvents;
  /** Fail with ENGINE_RUNNING instead of using the engine of another process. */
  readonly exclusive?: boolean;
}

/** Uses the engine that runs on this data folder, or starts one. */
export async function openEngine(request: EngineRequest): Promise<OpenEngine> {
  const cluster = await clusterFromEnvironment(request.env);
  const running = request.exclusive === true ? undefined : await readEngine(request.project.dataDir);
  if (running?.temporalAddress !== undefined)
    return attach(cluster ?? { address: running.temporalAddress, namespace: running.namespace ?? 'selfheal' }, running.uiUrl);
  return startOwn(request, cluster);
}

async function attach(settings: ClusterSettings, uiUrl: string | undefined): Promise<OpenEngine> {
  const { client, connection } = await connectClient(settings);
  return { client: createEngineClient(client), own: undefined, address: settings.address, uiUrl, close: () => connection.close() };
}

async function startOwn(request: EngineRequest, cluster: ClusterSettings | undefined): Promise<OpenEngine> {
  const { project, records, plugins, env, events } = request;
  const claim = await claimEngine(project.dataDir, { version: request.version });
  await using started = new AsyncDisposableStack();
  started.defer(() => claim.release());
  if (claim.abandoned?.temporalPid !== undefined) await endAbandonedServer(claim.abandoned.temporalPid, project.dataDir);
  const blobsDir = join(project.dataDir, 'blobs');
  const threads = Math.max(1, availableParallelism() - 1);
  const pool = createPurePool({ blobsDir, plugins: project.config.plugins, root: project.root }, threads);
  started.defer(() => pool.close());
  const telemetry = createTelemetryPool({ project, databaseUrl: env.DATABASE_URL });
  started.defer(() => telemetry.close());
  const ports = await createProjectPorts(project, records, plugins, pool);
  started.defer(() => ports.close());
  const log = createBeatLog({
    file: join(project.dataDir, 'beats.ndjson'),
    records,
    release: request.version,
    maxBytes: project.config.housekeeping.beatLogMaxBytes,
    files: project.config.housekeeping.beatLogFiles,
    ...(events.onBeat === undefined ? {} : { onBeat: events.onBeat }),
  });
  started.defer(() => log.close());
  const blobs = createBlobs({ dir: blobsDir });
  // A plugin that was handed over in the program cannot be loaded in a thread; its readers are needed where logs are parsed.
  const readersTravel = plugins.slice(project.config.plugins.length).every(({ readers }) => readers === undefined);
  const ai = once(async () => {
    const { openEngineParts } = await import('../ai/engine-parts.ts');
    return openEngineParts({ project, records, env, ports, pool });
  });
  const fixParts = async () => ({ project, records, ai: await ai() });
  const fixProposers = lazyProposers(async () => {
    const { createFixProposers } = await import('../proposals/fix-proposers.ts');
    return createFixProposers(await fixParts());
  });
  const asksForFixes = project.config.ai.enabled && project.config.ai.fixes.samples > 0;
  const host: BeatHost = {
    beats: createBeats(plugins),
    blobs: telemetry.resolving(blobs),
    async ports(_projectId, beat) {
      // What a sweep reads takes as much memory as parsing: that of the idle thread is given back first.
      if (beat.sequence === 'anomaly.detect') await telemetry.rest();
      return { ...ports.forBeat(beat), ...(asksForFixes && { fixProposers }) };
    },
    runInThread(beat, input, context) {
      if (readersTravel && telemetry.runs(beat.handler)) return telemetry.run(beat.handler, input, context);
      return beat.kind === 'pure' && beat.contract?.cost === 'long' ? pool.run(beat.handler, input, context.signal) : undefined;
    },
    onBeat: log.observe,
    offClockWindows: (call) => offClockWindows(records, call),
    async markIncident(mark) {
      const incident = await markIncident(records, mark, events);
      await settleProposals(records, incident, fixParts);
    },
    remediation: lazyHost(async () => {
      const { openHost } = await import('../remediation/open-host.ts');
      return openHost({ project, records, blobs, plugins, env, ports, ai: await ai() });
    }),
    doChore: doChoreOf({ project, records, lake: ports.lake, blobs, references: request.references }),
  };
  const tracing = await startTracing(env, request.version);
  if (tracing !== undefined) started.defer(() => tracing.close());
  const engine = await startEngine({
    dataDir: project.dataDir,
    host,
    concurrency: Math.max(4, availableParallelism() * 2),
    binary: async () => (await resolveTemporalBinary({ env, ...(events.onStep === undefined ? {} : { onStep: events.onStep }) })).path,
    ...(tracing === undefined ? {} : { tracing }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(events.onNotice === undefined ? {} : { onNotice: events.onNotice }),
  });
  started.defer(() => engine.stop());
  await claim.update({
    temporalAddress: engine.address,
    namespace: engine.namespace,
    ...(engine.serverPid === undefined ? {} : { temporalPid: engine.serverPid }),
    ...(engine.uiUrl === undefined ? {} : { uiUrl: engine.uiUrl }),
  });
  const running = started.move();
  return { client: engine, own: engine, address: engine.address, uiUrl: engine.uiUrl, close: () => running.disposeAsync() };
}

async function markIncident(records: Records, mark: IncidentMark, events: EngineEvents): Promise<Incident> {
  const status: IncidentStatus = incidentStatus.parse(mark.status);
  const changed = await records.update('incident', mark.incidentId, (incident) => ({
    ...incident,
    status,
    updatedAt: Date.now(),
    ...(mark.reason === undefined ? {} : { reason: mark.reason }),
  }));
  events.onIncident?.(changed);
  return changed;
}
