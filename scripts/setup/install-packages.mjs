import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Long enough for a slow line; a refused connection ends long before, by npm's own limits below. */
const INSTALL_LIMIT_MS = 15 * 60_000;
const NETWORK_LIMITS = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
/** The parts of a package.json that decide what npm installs; editing another part installs nothing. */
const INSTALL_FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'workspaces',
  'allowScripts',
];

/** The Node 24 that the npm package `node` brings. */
export function node24Path(root) {
  return join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Runs `npm install` when node_modules is missing or was installed for other dependencies than the manifests and the lock file name now.
 * Returns the exit code (0 when all is there); a failure is told in one line on standard error.
 *
 * `npm install`, not `npm ci`: a lock file written on one platform may lack the optional binaries of another, and `npm ci` refuses it.
 * `--no-save` keeps the lock file of the clone as it is, whichever npm runs.
 */
export async function installPackages(root) {
  const stamp = join(root, 'node_modules/.selfheal-installed');
  if (existsSync(node24Path(root)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root)) return 0;
  const started = Date.now();
  console.error('set-up: installing packages (npm install) ...');
  const [command, ...npmArgs] = npmCommand();
  const args = [...npmArgs, 'install', '--no-save', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error', ...NETWORK_LIMITS];
  const result = await runCommand(command, args, { cwd: root, env: process.env, capture: true, timeoutMs: INSTALL_LIMIT_MS });
  if (result.exitCode !== 0) return failed(result);
  if (!existsSync(node24Path(root))) {
    console.error(
      'set-up: npm did not install Node 24 (package "node"): allow its install script (no --ignore-scripts) and run this again.',
    );
    return 1;
  }
  writeFileSync(stamp, fingerprint(root));
  console.error(`set-up: packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}

/** The npm that runs this task where there is one, so that its version and settings stay the same; else the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)) return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function failed(result) {
  const lines = result.output.split('\n').filter((line) => line.startsWith('npm error') && !line.includes('complete log'));
  const reason = result.timedOut
    ? `no end after ${INSTALL_LIMIT_MS / 60_000} min`
    : lines.slice(0, 3).join('; ') || result.output.trim().slice(-300);
  console.error(
    `set-up: npm install failed (${reason.replaceAll('npm error ', '')}); check that the npm registry can be reached, then run this again.`,
  );
  return result.exitCode > 128 ? result.exitCode : 1;
}

/** A hash of what decides an install: the lock file and the dependency parts of each manifest. */
function fingerprint(root) {
  const hash = createHash('sha256');
  const lock = join(root, 'package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  for (const file of manifests(root)) {
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    hash.update(JSON.stringify(INSTALL_FIELDS.map((field) => manifest[field])));
  }
  return hash.digest('hex');
}

/** The package.json of the root and of each workspace; a workspace is named by its folder or by `folder/*`. */
function manifests(root) {
  const rootManifest = join(root, 'package.json');
  const { workspaces = [] } = JSON.parse(readFileSync(rootManifest, 'utf8'));
  const folders = workspaces.flatMap((pattern) =>
    pattern.endsWith('/*') ? subfolders(join(root, dirname(pattern))) : [join(root, pattern)],
  );
  return [rootManifest, ...folders.map((folder) => join(folder, 'package.json')).filter((file) => existsSync(file))];
}

function subfolders(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}
