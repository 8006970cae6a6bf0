import type { FixProposers } from './ai/index.ts';
import type { CodebaseInfo, CodeCoverage, FileCoverage, SourceSnapshot, TestRunner } from './codebase.ts';
import type { SelfhealConfig } from './config.ts';
import type { CiResult, DeployResult, PullRequest } from './deployment.ts';
import type { TelemetryEvent } from './event.ts';
import type { Edit } from './fix.ts';
import type { Ref } from './json.ts';
import type { RawEvent } from './raw-event.ts';
import type { RecordKind, RecordOf } from './records.ts';
import type { LakeBatch, RejectedInput, Segment } from './source.ts';
import type { TestResult } from './validation.ts';
import type { WarmTests } from './warm-tests.ts';

/**
 * What a stage-crew handler may do to the outside world. A handler names the ports it uses: `(input, { records, lake })`.
 * Every effect is idempotent under retry: keyed by `beat.key` and looked up before it is repeated.
 */
export interface Ports {
  readonly beat: BeatContext;
  readonly project: ProjectContext;
  readonly clock: Clock;
  readonly records: Records;
  readonly lake: Lake;
  readonly sources: LogSources;
  readonly codebase: Codebase;
  readonly sandbox: WarmSandbox;
  readonly forge: Forge;
  /** Models that can be asked for fixes; absent where they are turned off. */
  readonly fixProposers?: FixProposers;
}

export interface BeatContext {
  readonly workflowId: string;
  readonly sequence: string;
  readonly beat: string;
  readonly attempt: number;
  /** Stable over retries of this beat of this workflow: the idempotency key of its effects. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Tells the engine that the work goes on; `progress` is shown to people. */
  heartbeat(progress?: string): void;
}

export interface ProjectContext {
  readonly id: string;
  /** Absolute path of the watched repository. */
  readonly root: string;
  /** Absolute path of selfheal's own state. */
  readonly dataDir: string;
  readonly config: SelfhealConfig;
}

export interface Clock {
  /** Epoch ms. */
  now(): number;
}

// ---- records ----------------------------------------------------------------------------------------------------------------

export interface RecordFilter<K extends RecordKind> {
  /** Equality on top-level fields of the record (indexed ones are fast: see packages/store). */
  where?: Partial<RecordOf<K>>;
  /** A numeric top-level field within [from, to). */
  range?: { field: keyof RecordOf<K> & string; from?: number; to?: number };
  orderBy?: { field: keyof RecordOf<K> & string; direction?: 'asc' | 'desc' };
  limit?: number;
  offset?: number;
}

export interface Records {
  get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined>;
  /** As get, but fails with RECORD_MISSING. */
  need<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K>>;
  /** Inserts or replaces by id. */
  put<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<void>;
  putAll<K extends RecordKind>(kind: K, records: readonly RecordOf<K>[]): Promise<void>;
  /** Inserts where no record of that id exists; returns the one that is stored. */
  insert<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<{ record: RecordOf<K>; inserted: boolean }>;
  /** Reads, changes and writes one record in one transaction. Fails with RECORD_MISSING. */
  update<K extends RecordKind>(kind: K, id: string, change: (record: RecordOf<K>) => RecordOf<K>): Promise<RecordOf<K>>;
  list<K extends RecordKind>(kind: K, filter?: RecordFilter<K>): Promise<RecordOf<K>[]>;
  count<K extends RecordKind>(kind: K, filter?: RecordFilter<K>): Promise<number>;
  remove<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<number>;
  /** All or nothing; serialised with other writers. */
  transaction<T>(work: (records: Records) => Promise<T>): Promise<T>;
}

/** Content-addressed store of large values (claim check). Values are JSON; a written value is durable and never changes. */
export interface Blobs {
  put(value: unknown): Promise<Ref>;
  /** Fails with REFERENCE_MISSING. */
  get(ref: Ref): Promise<unknown>;
}

// ---- telemetry --------------------------------------------------------------------------------------------------------------

export interface EventQuery {
  projectId: string;
  from?: number;
  to?: number;
  ids?: readonly string[];
  operation?: string;
  handler?: string;
  errorFingerprint?: string;
  flowIds?: readonly string[];
  kinds?: readonly string[];
  /** Only events that carry a step and a flow id. */
  steps?: boolean;
  release?: string;
  /** Newest first when `desc`. */
  order?: 'asc' | 'desc';
  limit?: number;
}

export interface Lake {
  /** Writes one immutable Parquet file (written, fsynced, renamed). Equal input gives the equal batch id; nothing is written twice. */
  write(projectId: string, batchId: string, events: readonly TelemetryEvent[]): Promise<LakeBatch>;
  /** Whole events, or of each the `fields` asked for: a window has very many events, and most of what they hold is rarely needed. */
  events<F extends keyof TelemetryEvent = keyof TelemetryEvent>(
    query: EventQuery & { fields?: readonly F[] },
  ): Promise<Pick<TelemetryEvent, F>[]>;
  /** Removes catalogued batches beyond age or size, oldest first; and files no catalogue row names. */
  retain(projectId: string, limits: { maxAgeMs: number; maxBytes: number }): Promise<{ batches: number; bytes: number }>;
}

export interface PullRequestOfLogs {
  projectId: string;
  /** Files, folders or globs; relative ones start at the repository. */
  paths: readonly string[];
  maxBytes: number;
  signal: AbortSignal;
  onProgress?(done: { path: string; bytes: number; lines: number }): void;
}

export interface LogSources {
  /** Reads what is new since the saved offsets, redacts it and journals it durably. `more`: there is more to read. */
  pull(request: PullRequestOfLogs): Promise<{ segments: Segment[]; more: boolean; rejected: RejectedInput[]; files: number }>;
  /** Parses a journalled segment: formats detected, lines joined, frames mapped to repository sources. */
  extract(
    segments: readonly Segment[],
    signal: AbortSignal,
  ): Promise<{ events: RawEvent[]; lines: number; unparsed: number; formats: Record<string, number> }>;
  /** Journal files of stored segments are no longer needed. */
  release(segments: readonly Segment[]): Promise<void>;
}

// ---- code -------------------------------------------------------------------------------------------------------------------

export interface Codebase {
  /** Facts about the repository at the head of its default branch (or `commit`), cached by commit. */
  info(commit?: string): Promise<CodebaseInfo>;
  snapshot(commit?: string): Promise<SourceSnapshot>;
  /** What the repository's own tests cover, by running them once in the sandbox; cached by commit. Undefined where its tests cannot run. */
  coverage(commit?: string): Promise<CodeCoverage | undefined>;
}

export interface RunResult {
  exitCode: number;
  signal?: string;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  durationMs: number;
}

export interface TestRunOptions {
  /** Only these test files; all when absent. */
  files?: readonly string[];
  /** Only tests with one of these full titles. */
  titles?: readonly string[];
  coverage?: boolean;
  timeoutMs?: number;
  /** Adds a test that must fail; a run that does not report it is `forged`. Default true. */
  plant?: boolean;
  signal?: AbortSignal;
}

export interface TestReport {
  results: TestResult[];
  /** The planted failing test was not reported as failed, or the report does not fit the exit code. */
  forged: boolean;
  plantedFailureSeen: boolean;
  coverage?: FileCoverage[];
  run: RunResult;
}

/** A private, writable copy of the repository at one commit with its dependencies; removed when disposed. */
export interface Checkout extends AsyncDisposable {
  readonly path: string;
  readonly commit: string;
  /** Applies edits; fails with PATCH_CONFLICT where a search does not occur exactly once. */
  apply(edits: readonly Edit[]): Promise<void>;
  /** Back to the commit, fast. */
  reset(): Promise<void>;
  read(file: string): Promise<string | undefined>;
}

export interface Sandbox {
  checkout(commit: string): Promise<Checkout>;
  detectRunner(root: string): Promise<TestRunner | undefined>;
  /** Runs a command confined: no network, no inherited environment, writes only within the checkout. */
  run(
    checkout: Checkout,
    command: string,
    options?: { timeoutMs?: number; signal?: AbortSignal; env?: Record<string, string> },
  ): Promise<RunResult>;
  runTests(checkout: Checkout, runner: TestRunner, options?: TestRunOptions): Promise<TestReport>;
}

export interface WarmSandbox extends Sandbox {
  /** The command by which a repository checks its types; undefined where it has none. */
  detectTypeCheck(root: string): Promise<string | undefined>;
  /**
   * Starts the warm process over a checkout. `sources`: production files of the project whose loops are counted and whose exported
   * functions are recorded. Fails with SANDBOX_FAILED where the process does not come up.
   */
  openWarmTests(
    checkout: Checkout,
    runner: TestRunner,
    options: { readonly sources: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<WarmTests>;
}

// ---- shipping ---------------------------------------------------------------------------------------------------------------

/**
 * Begins the redaction of one output: what it returns takes the secrets out of its lines, called with each in order. Values of
 * variables with a sensitive name are secrets whatever they look like.
 */
export type Redaction = (variables: Readonly<Record<string, string>>) => (line: string) => string;

export interface RepoState {
  branch: string;
  head: string;
  /** The default branch is checked out in the main working tree. */
  checkedOut: boolean;
  /** Tracked files with uncommitted changes, and untracked ones that are not ignored. */
  dirty: string[];
}

export interface Forge {
  state(): Promise<RepoState>;
  /** A branch at `base`; the existing one where it has that name already. */
  createBranch(request: { name: string; base: string }): Promise<{ branch: string; head: string; created: boolean }>;
  /** Commits the edits on the branch without touching any working tree. The same key gives the same commit. */
  commit(request: {
    branch: string;
    base: string;
    edits: readonly Edit[];
    subject: string;
    body: string;
    trailers: Record<string, string>;
    key: string;
  }): Promise<{ commit: string; tree: string }>;
  openPullRequest(request: {
    branch: string;
    baseBranch: string;
    head: string;
    title: string;
    body: string;
    key: string;
  }): Promise<PullRequest>;
  getPullRequest(id: string): Promise<PullRequest | undefined>;
  runChecks(request: {
    pullRequest: PullRequest;
    command: string;
    timeoutMs: number;
    signal: AbortSignal;
    onOutput?(line: string): void;
  }): Promise<CiResult>;
  /**
   * Merges at the expected head by compare-and-swap of the base branch; a moved base is merged anew and `checks` runs on the
   * result. The working tree where the base branch is checked out moves with it, or nothing does. A merged pull request returns its merge
   * commit again. Fails with GIT_HEAD_MOVED (retry), PATCH_CONFLICT, CI_FAILED, REPO_DIRTY, or APPROVAL_INVALID (the branch was pushed to).
   */
  merge(request: {
    pullRequest: PullRequest;
    expectedHead: string;
    key: string;
    message: string;
    /** Applied to the moved base where its text cannot be merged; each search must still occur exactly once there. */
    edits?: readonly Edit[];
    checks?: (mergedCommit: string) => Promise<boolean>;
  }): Promise<{ mergeCommit: string; treeUpdated: boolean; reason?: string }>;
  /** A new commit on the default branch that undoes the merge; the same one again where it is there. Fails as merge does. */
  revert(request: { mergeCommit: string; key: string; why: string }): Promise<{ revertCommit: string; treeUpdated: boolean }>;
  /** Runs the command in the repository; what it starts may outlive it. Fails with DEPLOY_FAILED. */
  deploy(request: {
    command: string;
    key: string;
    commit: string;
    timeoutMs: number;
    signal: AbortSignal;
    onOutput?(line: string): void;
  }): Promise<DeployResult>;
  /** Whether the release (a commit, tag, or version named like a tag) contains the commit; undefined where the name means nothing to git. */
  releaseContains(release: string, commit: string): Promise<boolean | undefined>;
}
