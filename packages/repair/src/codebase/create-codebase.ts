import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Codebase,
  type CodebaseInfo,
  type CodeCoverage,
  codebaseInfo,
  isSelfhealError,
  type RecordOf,
  type Sandbox,
  type SelfhealConfig,
  SelfhealError,
  type SourceSnapshot,
} from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { defaultBranch } from './default-branch.ts';
import { readHistory } from './history.ts';
import type { CodebaseMeta } from './index-codebase.ts';
import { readLineCommits } from './line-commits.ts';
import { readSnapshot } from './read-snapshot.ts';

/** Raised whenever the index of the same sources may differ from what an older version cached. */
const INDEX_VERSION = 1;
const KEPT_COMMITS = 4;

/** Runs a named pure function elsewhere (a worker thread), so that the event loop stays free. */
export type RunHeavy = (name: 'indexCodebase', args: readonly [SourceSnapshot, CodebaseMeta]) => Promise<CodebaseInfo>;

type StoredCoverage = RecordOf<'coverage'>;

/** What is needed of the records. */
export interface CoverageRecords {
  get(kind: 'coverage', id: string): Promise<StoredCoverage | undefined>;
  insert(kind: 'coverage', record: StoredCoverage): Promise<{ record: StoredCoverage; inserted: boolean }>;
}

export interface CodebaseOptions {
  readonly root: string;
  readonly dataDir: string;
  readonly config: SelfhealConfig;
  readonly sandbox: Sandbox;
  readonly records: CoverageRecords;
  readonly projectId: string;
  readonly now?: () => number;
  readonly run?: RunHeavy;
}

/**
 * The watched repository as the other parts see it. Facts are cached by commit in `dataDir/cache/codebase`; sources always come
 * from git's objects. Fails with REPO_MISSING, REPO_NO_COMMIT, REPO_NO_PACKAGE, GIT_FAILED.
 */
export function createCodebase(options: CodebaseOptions): Codebase {
  const snapshots = new RecentPromises<SourceSnapshot>(KEPT_COMMITS);
  const infos = new RecentPromises<CodebaseInfo>(KEPT_COMMITS);
  const coverages = new RecentPromises<CodeCoverage | undefined>(KEPT_COMMITS);
  const commitOf = async (commit: string | undefined) => commit ?? (await defaultBranch(options.root)).head;
  const snapshot = async (wanted?: string) => {
    const commit = await commitOf(wanted);
    return snapshots.get(commit, () => readPackage(options.root, commit));
  };
  const info = async (wanted?: string) => {
    const commit = await commitOf(wanted);
    return infos.get(commit, async () => {
      const file = cacheFile(options, commit);
      return (await readCache(file)) ?? writeCache(file, await computeInfo(options, await snapshot(commit)));
    });
  };
  const coverage = async (wanted?: string) => {
    const commit = await commitOf(wanted);
    return coverages.get(commit, async () => measureCoverage(options, await info(commit)));
  };
  return { info, snapshot, coverage };
}

async function readPackage(root: string, commit: string): Promise<SourceSnapshot> {
  const snapshot = await readSnapshot({ root, commit });
  if (snapshot.files['package.json'] === undefined) {
    throw new SelfhealError('REPO_NO_PACKAGE', 'the commit holds no package.json', { where: { repository: root, commit } });
  }
  return snapshot;
}

async function computeInfo(options: CodebaseOptions, snapshot: SourceSnapshot): Promise<CodebaseInfo> {
  const { root, config, sandbox } = options;
  const { commit } = snapshot;
  const [{ branch }, history, lineCommits, runner, rootListing] = await Promise.all([
    defaultBranch(root),
    readHistory(root, commit),
    readLineCommits(root, snapshot),
    sandbox.detectRunner(root),
    git(root, ['ls-tree', '--name-only', '-z', commit]),
  ]);
  const rootFiles = rootListing.split('\0').filter((name) => name !== '');
  const meta: CodebaseMeta = {
    branch,
    history,
    lineCommits,
    sequences: config.sequences,
    rootFiles,
    ...(runner === undefined ? {} : { runner }),
  };
  if (options.run !== undefined) return options.run('indexCodebase', [snapshot, meta]);
  // Loaded when it is needed: with it comes the compiler.
  return (await import('./index-codebase.ts')).indexCodebase(snapshot, meta);
}

/** What the index depends on beside the commit is part of the cache key. */
function cacheFile({ dataDir, config }: CodebaseOptions, commit: string): string {
  const key = createHash('sha256').update(JSON.stringify([INDEX_VERSION, commit, config.sequences, config.test ?? '']));
  return join(dataDir, 'cache', 'codebase', `${commit.slice(0, 12)}-${key.digest('hex').slice(0, 12)}.json`);
}

/** A cache file that is missing, torn or of another shape is no cache. */
async function readCache(file: string): Promise<CodebaseInfo | undefined> {
  try {
    return codebaseInfo.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeCache(file: string, info: CodebaseInfo): Promise<CodebaseInfo> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(info));
  await rename(temporary, file);
  return info;
}

async function measureCoverage(options: CodebaseOptions, info: CodebaseInfo): Promise<CodeCoverage | undefined> {
  const { records, projectId, sandbox, now = Date.now } = options;
  const id = `${projectId}:${info.commit}`;
  const stored = await records.get('coverage', id);
  if (stored !== undefined) return stored.coverage;
  if (info.runner === undefined) return undefined;
  const production = new Set(info.files.filter((file) => !file.test).map((file) => file.path));
  try {
    await using checkout = await sandbox.checkout(info.commit);
    const report = await sandbox.runTests(checkout, info.runner, { coverage: true, timeoutMs: options.config.sandbox.testTimeoutMs });
    if (report.coverage === undefined || report.forged) return undefined;
    const coverage: CodeCoverage = { commit: info.commit, files: report.coverage.filter((file) => production.has(file.path)) };
    const { record } = await records.insert('coverage', { id, projectId, commit: info.commit, coverage, createdAt: now() });
    return record.coverage;
  } catch (error) {
    // Coverage is a help, not a need: a repository whose tests cannot run here is still watched.
    if (isSelfhealError(error) && !error.retryable) return undefined;
    throw error;
  }
}

/** The last few results by key. A failed one is forgotten, so that it can be tried again. */
class RecentPromises<T> {
  readonly #entries = new Map<string, Promise<T>>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = make().catch((error: unknown) => {
      this.#entries.delete(key);
      throw error;
    });
    this.#entries.set(key, made);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
    return made;
  }
}
