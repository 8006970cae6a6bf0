import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { readBlobs, type TreeEntry } from '../git/tree.ts';
import { TreeFiles } from './tree-files.ts';

export interface InstallRequest {
  readonly gitTop: string;
  /** Path of the watched package below the top, with `/` at its end, or empty. */
  readonly prefix: string;
  readonly entries: readonly TreeEntry[];
  readonly cacheFolder: string;
  /** The user's own install command. */
  readonly command?: string | undefined;
}

const PACKAGE_FILE =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc|\.yarnrc\.yml)$/;
const INSTALL_TIMEOUT_MS = 600_000;

/**
 * Installs a repository that has no node_modules, once for each content of its package and lock files, into a folder of ours. It
 * runs with network but without the packages' install scripts, so no foreign code runs outside the sandbox. Gives that folder.
 * Fails with REPO_INSTALL_FAILED and the end of what the command printed.
 */
export async function installDependencies(request: InstallRequest): Promise<string> {
  const packageFiles = request.entries.filter((entry) => PACKAGE_FILE.test(entry.path));
  const key = createHash('sha256').update(
    JSON.stringify([packageFiles.map(({ path, oid }) => [path, oid]), request.command, process.version]),
  );
  const folder = join(request.cacheFolder, key.digest('hex').slice(0, 24));
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder;
  const work = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(work, { recursive: true });
    await new TreeFiles(work, request.gitTop, request.entries).restore();
    await runInstall(work, request);
    // Another process may have been faster; its result is as good.
    await rename(work, folder).catch(async (error: unknown) => {
      if ((await stat(folder).catch(() => undefined)) === undefined) throw error;
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Names of the packages that the package files of a commit ask for, optional ones aside. */
export async function declaredPackages(top: string, entries: readonly TreeEntry[]): Promise<string[]> {
  const manifests = entries.filter(({ path }) => path === 'package.json' || path.endsWith('/package.json'));
  const blobs = await readBlobs(
    top,
    manifests.map((entry) => entry.oid),
  );
  const names = [...blobs.values()].flatMap((blob) => {
    const manifest = parseManifest(blob.toString('utf8'));
    return ['dependencies', 'devDependencies'].flatMap((key) => Object.keys(asObject(manifest[key])));
  });
  return [...new Set(names)];
}

function parseManifest(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function runInstall(work: string, request: InstallRequest): Promise<void> {
  const commands = request.command === undefined ? await defaultCommands(work, request.prefix) : [request.command];
  const said: string[] = [];
  for (const command of commands) {
    const cwd = join(work, request.command === undefined ? '' : request.prefix);
    const result = await execa(command, {
      shell: true,
      cwd,
      env: installEnvironment(),
      extendEnv: false,
      reject: false,
      all: true,
      timeout: INSTALL_TIMEOUT_MS,
    });
    if (!result.failed) return;
    said.push(`${command}: ${result.all === '' ? result.shortMessage : result.all.slice(-2_000)}`);
  }
  throw new SelfhealError('REPO_INSTALL_FAILED', said.join('\n'), { where: { root: request.gitTop } });
}

/** By the lock file that the repository keeps; tried in order. A lock file written on another platform may make `npm ci` refuse. */
async function defaultCommands(work: string, prefix: string): Promise<string[]> {
  const has = async (file: string): Promise<boolean> => {
    const places = [join(work, file), join(work, prefix, file)];
    return (await Promise.all(places.map((path) => stat(path).catch(() => undefined)))).some((found) => found !== undefined);
  };
  const npm = '--ignore-scripts --no-audit --no-fund';
  const where =
    prefix === '' || (await stat(join(work, 'package.json')).catch(() => undefined)) !== undefined
      ? ''
      : ` --prefix ${JSON.stringify(prefix)}`;
  if (await has('pnpm-lock.yaml')) return ['pnpm install --frozen-lockfile --ignore-scripts', `npm install ${npm}${where}`];
  if (await has('yarn.lock')) return ['yarn install --frozen-lockfile --ignore-scripts', `npm install ${npm}${where}`];
  const locked = (await has('package-lock.json')) || (await has('npm-shrinkwrap.json'));
  return [...(locked ? [`npm ci ${npm}${where}`] : []), `npm install ${npm}${where}`];
}

/** A package manager needs its home (settings, cache) and the way through a proxy, nothing else of ours. */
function installEnvironment(): Record<string, string> {
  const kept =
    /^(PATH|HOME|LANG|TMPDIR|USER|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|npm_config_(registry|cache|cafile|proxy|https_proxy|userconfig|globalconfig))$/i;
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    kept.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(entries), CI: '1', NO_COLOR: '1' };
}
