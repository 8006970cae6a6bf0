import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  type Anomaly,
  type Incident,
  type ModelChange,
  type Plugin,
  type Records,
  type RejectedInput,
  type ReleaseMark,
  SelfhealError,
} from '@selfheal/contracts';
import type { SequencePlan, SequenceResult } from '@selfheal/sequences';
import { openStore, type Store } from '@selfheal/store';
import { findLogFiles } from '@selfheal/telemetry';
import {
  type HealPolicy,
  type HousekeepingResult,
  type IngestInput,
  joinSweeps,
  type PersonalDecision,
  type RemediateAgainResult,
  type SweepResult,
} from '@selfheal/temporal';
import { type OpenEngine, openEngine } from './engine/open-engine.ts';
import { dismissFinding, dismissIncident } from './heal/dismiss.ts';
import { followHeals } from './heal/follow-heals.ts';
import { finishRevert, planRevert } from './heal/revert.ts';
import { storedWindows, type Window } from './heal/stored-windows.ts';
import { choresOf } from './housekeeping/chores.ts';
import { Deliveries } from './intake/deliveries.ts';
import { intakeFolder } from './intake/intake-folder.ts';
import { refuseWhereNothingWasRead, unreadOf } from './intake/unread.ts';
import { undoModelChange } from './learn/undo-change.ts';
import { checkPlugin, loadPlugins, refuseConflicts } from './plugins/load-plugins.ts';
import { type OpenProject, openProject } from './project/open-project.ts';
import { markRelease } from './releases/mark-release.ts';
import { remediationRouting } from './remediation/remediation-routing.ts';
import type { HealOutcome, LogRequest, SelfHealing, SelfHealingEvents, SelfHealingOptions } from './self-healing-interface.ts';
import { loadPlans, routing } from './sequences/load-plans.ts';
import { VERSION } from './version.ts';

const VERIFY_PARSE_MS = 1_500;

/** Opens the project and its store. Nothing runs before `start`; nothing in here ends the process or reads its arguments. */
export async function createSelfHealing(options: SelfHealingOptions): Promise<SelfHealing> {
  const env = options.env ?? {};
  const project = await openProject({
    repo: options.repo,
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    ...(options.config === undefined ? {} : { overrides: options.config }),
  });
  const given = (options.plugins ?? []).map((plugin) => checkPlugin(plugin, plugin.name));
  const plugins = [...(await loadPlugins(project.config.plugins, project.root)), ...given];
  refuseConflicts(plugins);
  const plans = await loadPlans(plugins, project.root);
  const store = await openStore({ dataDir: project.dataDir, ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }) });
  await store.records.insert('project', { id: project.id, root: project.root, name: project.name, createdAt: Date.now() });
  return new Healer({ project, plugins, plans, store, env, exclusive: options.exclusive ?? false });
}

interface Parts {
  readonly project: OpenProject;
  readonly plugins: readonly Plugin[];
  readonly plans: Readonly<Record<string, SequencePlan>>;
  readonly store: Store;
  readonly env: NodeJS.ProcessEnv;
  readonly exclusive: boolean;
}

class Healer implements SelfHealing {
  private readonly parts: Parts;
  private readonly emitter = new EventEmitter<SelfHealingEvents>();
  private readonly deliveries: Deliveries;
  private engine: OpenEngine | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.deliveries = new Deliveries(parts.project, parts.store.records);
  }

  get project(): OpenProject {
    return this.parts.project;
  }
  get records(): Records {
    return this.parts.store.records;
  }
  get plans(): Readonly<Record<string, SequencePlan>> {
    return this.parts.plans;
  }
  get plugins(): readonly Plugin[] {
    return this.parts.plugins;
  }
  get uiUrl(): string | undefined {
    return this.engine?.uiUrl;
  }
  get otlpUrl(): string | undefined {
    return this.deliveries.otlpUrl;
  }
  get ownsEngine(): boolean | undefined {
    return this.engine === undefined ? undefined : this.engine.own !== undefined;
  }
  get failed(): Promise<unknown> {
    return this.engine?.own?.failed ?? new Promise(() => undefined);
  }

  async start(): Promise<void> {
    if (this.engine !== undefined) return;
    const { project, plugins, env, exclusive } = this.parts;
    this.engine = await openEngine({
      project,
      records: this.records,
      references: () => this.parts.store.references(),
      plugins,
      env,
      exclusive,
      version: VERSION,
      events: {
        onBeat: (run) => this.emitter.emit('beat', run),
        onNotice: (line) => this.emitter.emit('notice', line),
        onStep: (line) => this.emitter.emit('step', line),
        onIncident: (incident) => this.emitter.emit('incident', incident),
      },
    });
  }

  async stop(): Promise<void> {
    const engine = this.engine;
    this.engine = undefined;
    await this.deliveries.close();
    await engine?.close();
    await this.parts.store.close();
  }

  on<K extends keyof SelfHealingEvents>(event: K, listener: (...args: SelfHealingEvents[K]) => void): () => void {
    // The emitter's own typing cannot follow the generic key; the map above is what both sides are checked against.
    const untyped: EventEmitter = this.emitter;
    untyped.on(event, listener);
    return () => untyped.off(event, listener);
  }

  async ingest(events: readonly (Record<string, unknown> | string)[]): Promise<void> {
    await this.deliveries.ingest(events);
  }

  readInput(input: AsyncIterable<Uint8Array>, signal: AbortSignal = new AbortController().signal): Promise<RejectedInput[]> {
    return this.deliveries.readInput(input, signal);
  }

  markRelease(name: string, at: number = Date.now()): Promise<ReleaseMark> {
    return markRelease(this.records, this.project.id, { name, at });
  }

  findLogs(paths: readonly string[]): Promise<string[]> {
    return findLogFiles(this.project.root, paths);
  }

  async healLogs(request: LogRequest): Promise<HealOutcome> {
    const signal = request.signal ?? new AbortController().signal;
    const { client } = this.running();
    const durations: Record<string, number> = {};
    const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
      const started = performance.now();
      const result = await work;
      durations[name] = Math.round(performance.now() - started);
      return result;
    };
    const files = await this.findLogs(request.paths);
    const parse = () => client.ingest(this.ingestInput(request.paths));
    const leftOut = request.input === undefined ? [] : await this.deliveries.readInput(request.input, signal, parse);
    const nothing = request.paths.length === 0 && request.input === undefined;
    const ingest = nothing ? undefined : await timed('telemetry.parse', parse());
    await this.deliveries.tidy();
    const unread = [...leftOut, ...unreadOf(ingest)];
    refuseWhereNothingWasRead(files, unread, this.project.root);
    const windows = await storedWindows(this.records, this.project.id, this.project.config.intake.lookbackMs);
    const sweep = await timed('anomaly.detect', this.sweepEach(windows));
    const watching = this.verifiesDeploys() && sweep.incidents.length > 0;
    if (watching)
      await this.running().own?.watch({
        projectId: this.project.id,
        parseMs: VERIFY_PARSE_MS,
        ingest: this.ingestInput(request.paths),
      });
    try {
      await timed(
        'heal',
        followHeals(client, sweep.incidents, (state) => this.emitter.emit('state', state), signal),
      );
    } finally {
      if (watching) await this.running().own?.unwatch(this.project.id);
    }
    const incidents = await Promise.all(sweep.incidents.map(({ id }) => this.records.need('incident', id)));
    return { incidents, findings: sweep.findings, ingest, unread, windows, sweep, durations };
  }

  async heal(incidentId: string, signal: AbortSignal = new AbortController().signal): Promise<Incident> {
    const incident = await this.records.need('incident', incidentId);
    await this.running().client.startHeal(
      { ...this.healContext(), incidentId, fingerprint: incident.fingerprint, type: incident.type, title: incident.title },
      incident.workflowId,
    );
    await followHeals(this.running().client, [incident], (state) => this.emitter.emit('state', state), signal);
    return this.records.need('incident', incidentId);
  }

  sweep(window?: { from: number; to: number }): Promise<SweepResult> {
    return this.running().client.sweep({ ...this.healContext(), lookbackMs: this.project.config.intake.lookbackMs, ...window });
  }

  keepHouse(): Promise<HousekeepingResult> {
    return this.running().client.keepHouse({ projectId: this.project.id, chores: choresOf(this.project) });
  }

  /** One after the other, oldest first: what is learned from a healthy window serves the next. */
  private async sweepEach(windows: readonly Window[]): Promise<SweepResult> {
    const sweeps: SweepResult[] = [];
    for (const window of windows) sweeps.push(await this.sweep(window));
    return sweeps.length === 0 ? this.sweep() : joinSweeps(sweeps);
  }

  async watch(): Promise<void> {
    const own = this.running().own;
    if (own === undefined)
      throw new SelfhealError('ENGINE_RUNNING', 'schedules belong to the engine that runs already', {
        where: { data: this.project.dataDir },
      });
    const { logs, schedules, intake, housekeeping } = this.project.config;
    await own.watch({
      projectId: this.project.id,
      parseMs: schedules.parseMs,
      ingest: this.ingestInput(logs),
      sweepMs: schedules.sweepMs,
      sweep: { ...this.healContext(), lookbackMs: intake.lookbackMs, offClock: true },
      housekeeping: { everyMs: housekeeping.everyMs, input: { projectId: this.project.id, chores: choresOf(this.project) } },
    });
    const notice = await this.deliveries.receive();
    if (notice !== undefined) this.emitter.emit('notice', notice);
  }

  async unwatch(): Promise<void> {
    await this.deliveries.close();
    await this.running().own?.unwatch(this.project.id);
  }

  async decide(
    incidentId: string,
    decision: { approved: boolean; by: string; why: string },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Incident> {
    const incident = await this.records.need('incident', incidentId);
    const patch = incident.patchId === undefined ? undefined : await this.records.get('patch', incident.patchId);
    if (patch === undefined)
      throw new SelfhealError('APPROVAL_INVALID', 'this incident has no patch', {
        where: { incident: incidentId, status: incident.status },
      });
    await this.records.put('audit', {
      id: randomUUID(),
      projectId: this.project.id,
      at: Date.now(),
      actor: decision.by,
      action: decision.approved ? 'approve' : 'reject',
      subject: patch.hash,
      detail: decision.why,
    });
    await this.running().client.decide(incident.workflowId, { patchHash: patch.hash, ...decision });
    const watching = decision.approved && this.verifiesDeploys() && this.project.config.logs.length > 0;
    if (watching)
      await this.running().own?.watch({
        projectId: this.project.id,
        parseMs: VERIFY_PARSE_MS,
        ingest: this.ingestInput(this.project.config.logs),
      });
    try {
      await followHeals(this.running().client, [incident], (state) => this.emitter.emit('state', state), signal);
    } finally {
      if (watching) await this.running().own?.unwatch(this.project.id);
    }
    return this.records.need('incident', incidentId);
  }

  dismiss(incidentId: string, decision: { by: string; why: string }): Promise<Incident> {
    return dismissIncident(this.records, incidentId, decision);
  }

  dismissFinding(anomalyId: string, decision: { by: string; why: string }): Promise<Anomaly> {
    return dismissFinding(this.records, anomalyId, decision);
  }

  async revert(incidentId: string, decision: { by: string; why: string }): Promise<string> {
    const { plan, input } = await planRevert(this.records, incidentId, decision, this.project.config.deploy.command);
    const result = await this.runSequence(plan, input);
    return finishRevert(this.records, incidentId, result, decision);
  }

  undoLearned(changeId: string, decision: { by: string; why: string }): Promise<ModelChange> {
    return undoModelChange(this.records, this.project.id, changeId, decision);
  }

  runSequence(plan: SequencePlan, input: unknown): Promise<SequenceResult> {
    return this.running().client.runSequence({
      projectId: this.project.id,
      plan,
      children: this.plans,
      input,
      routing: { ...routing(), ...remediationRouting(this.project.config, this.plugins) },
      workflowId: `sequence/${plan.id}/${randomUUID()}`,
    });
  }

  remediateAgain(attemptId: string): Promise<RemediateAgainResult> {
    const { remediation } = remediationRouting(this.project.config, this.plugins);
    if (remediation === undefined) throw new SelfhealError('CONFIG_INVALID', 'remediation.enabled is false');
    return this.running().client.remediateAgain({ attemptId, routing: { ...routing(), remediation } }, `again/${randomUUID()}`);
  }

  decideRemediation(attemptId: string, decision: PersonalDecision): Promise<void> {
    return this.running().client.decideRemediation(attemptId, decision);
  }

  private running(): OpenEngine {
    if (this.engine === undefined) throw new SelfhealError('ENGINE_UNREACHABLE', 'call start() first');
    return this.engine;
  }

  private ingestInput(paths: readonly string[]): IngestInput {
    const plan = this.plans['telemetry.parse'];
    if (plan === undefined) throw new SelfhealError('SEQUENCE_UNKNOWN', 'telemetry.parse');
    return {
      projectId: this.project.id,
      paths: [...paths, intakeFolder(this.project.dataDir).path],
      maxBytes: this.project.config.intake.maxChunkBytes,
      plan,
      routing: routing(),
    };
  }

  private healContext() {
    const { policy } = this.project.config;
    const heal: HealPolicy = {
      maxAttempts: policy.maxAttempts,
      ...(policy.stopAfter === undefined ? {} : { stopAfter: policy.stopAfter }),
    };
    return { projectId: this.project.id, plans: this.plans, routing: routing(), policy: heal };
  }

  private verifiesDeploys(): boolean {
    const { deploy, policy } = this.project.config;
    return deploy.command !== undefined && (policy.stopAfter === undefined || policy.stopAfter === 'deploy');
  }
}
