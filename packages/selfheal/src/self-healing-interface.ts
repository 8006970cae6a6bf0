import type {
  Anomaly,
  BeatRun,
  Incident,
  ModelChange,
  Plugin,
  Records,
  RejectedInput,
  ReleaseMark,
  SelfhealConfigInput,
} from '@selfheal/contracts';
import type { SequencePlan, SequenceResult } from '@selfheal/sequences';
import type { HealState, HousekeepingResult, IngestResult, PersonalDecision, RemediateAgainResult, SweepResult } from '@selfheal/temporal';
import type { Window } from './heal/stored-windows.ts';
import type { Unread } from './intake/unread.ts';
import type { OpenProject } from './project/open-project.ts';

export interface SelfHealingOptions {
  /** The watched repository, or a folder within it. */
  readonly repo: string;
  /** Folder of selfheal's own state; default `.selfheal` in the repository. */
  readonly dataDir?: string;
  /** Laid over selfheal.config.*. */
  readonly config?: SelfhealConfigInput;
  /** Beside those that the configuration names. They run in the main thread only where they hold fix templates or detectors given as objects. */
  readonly plugins?: readonly Plugin[];
  /** Default: none; the command passes process.env. Read: TEMPORAL_*, SELFHEAL_*, DATABASE_URL, PATH, HOME. */
  readonly env?: NodeJS.ProcessEnv;
  /** Refuse to use another process's engine. */
  readonly exclusive?: boolean;
}

/** What happens while it works. */
export interface SelfHealingEvents {
  beat: [run: BeatRun & { event?: string }];
  state: [state: HealState];
  incident: [incident: Incident];
  notice: [line: string];
  step: [line: string];
}

export interface HealOutcome {
  readonly incidents: readonly Incident[];
  readonly findings: readonly string[];
  readonly ingest: IngestResult | undefined;
  /** Logs that could not be read, or not to their end. */
  readonly unread: readonly Unread[];
  /** What was judged, oldest first; none where no telemetry is stored at all. */
  readonly windows: readonly Window[];
  readonly sweep: SweepResult;
  readonly durations: Readonly<Record<string, number>>;
}

export interface LogRequest {
  readonly paths: readonly string[];
  /** Log lines that are read to their end first, as from standard input. */
  readonly input?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

export interface SelfHealing {
  readonly project: OpenProject;
  readonly records: Records;
  readonly plans: Readonly<Record<string, SequencePlan>>;
  readonly plugins: readonly Plugin[];
  /** Temporal's own UI, while the engine runs embedded. */
  readonly uiUrl: string | undefined;
  /** Whether this process runs the engine (else it uses another process's). Undefined before start. */
  readonly ownsEngine: boolean | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Takes events of the host application (objects or log lines): durable when it resolves, parsed with the logs. Fails with INTAKE_FULL
   * where more waits to be read than may, with STORE_FULL where the disk is full; nothing is kept then.
   */
  ingest(events: readonly (Record<string, unknown> | string)[]): Promise<void>;
  /** Takes log lines from a stream to its end, no faster than they are read by `watch`. Returns what was left out. */
  readInput(input: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<RejectedInput[]>;
  /** Where OTLP is received, while it watches. */
  readonly otlpUrl: string | undefined;
  /** Tells that a release began to run: telemetry that names none belongs to it from then on. */
  markRelease(name: string, at?: number): Promise<ReleaseMark>;
  /** The log files that the paths mean. Fails with LOG_MISSING as reading them would; needs no engine. */
  findLogs(paths: readonly string[]): Promise<string[]>;
  /**
   * Reads the logs, looks for anomalies, heals each incident and waits until all ended or wait for review. Fails with LOG_MISSING,
   * LOG_UNREADABLE or LOG_BINARY where there is nothing that could be read.
   */
  healLogs(request: LogRequest): Promise<HealOutcome>;
  /** Heals one incident that is known, and waits likewise. */
  heal(incidentId: string, signal?: AbortSignal): Promise<Incident>;
  /** Looks for anomalies in what is stored and starts heals; does not wait for them. */
  sweep(window?: { from: number; to: number }): Promise<SweepResult>;
  /** Removes telemetry that is too old or too much, joins small batches, removes values that nothing refers to; `watch` does it by itself. */
  keepHouse(): Promise<HousekeepingResult>;
  /** Continuous parsing, sweeps and housekeeping by Temporal Schedules, until stop or unwatch. */
  watch(): Promise<void>;
  unwatch(): Promise<void>;
  /** Answers a waiting patch and follows the heal to its end. */
  decide(incidentId: string, decision: { approved: boolean; by: string; why: string }, signal?: AbortSignal): Promise<Incident>;
  /** Closes an incident as no fault; its detector's threshold there is raised (and can be lowered again). */
  dismiss(incidentId: string, decision: { by: string; why: string }): Promise<Incident>;
  /** As dismiss, for a finding (an anomaly that opened no incident). */
  dismissFinding(anomalyId: string, decision: { by: string; why: string }): Promise<Anomaly>;
  /** Undoes a merged fix by a revert commit, redeploys where a command is set, bars the patch. Returns the revert commit. */
  revert(incidentId: string, decision: { by: string; why: string }): Promise<string>;
  /** Takes one change of what was learned back; recorded as a change itself. Ids: `learnReport`. */
  undoLearned(changeId: string, decision: { by: string; why: string }): Promise<ModelChange>;
  runSequence(plan: SequencePlan, input: unknown): Promise<SequenceResult>;
  /** Remediates the failure of an attempt once more and gives what its beat then gave. Fails as the beat does, or with RECORD_MISSING. */
  remediateAgain(attemptId: string): Promise<RemediateAgainResult>;
  /** A person's answer to an escalation that waits for one. Fails with APPROVAL_INVALID where none is awaited. */
  decideRemediation(attemptId: string, decision: PersonalDecision): Promise<void>;
  on<K extends keyof SelfHealingEvents>(event: K, listener: (...args: SelfHealingEvents[K]) => void): () => void;
  /** Settles with the error when the engine ended by itself. */
  readonly failed: Promise<unknown>;
}
