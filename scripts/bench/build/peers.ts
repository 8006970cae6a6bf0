import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { GeneratedWorkspace } from './generate-workspace.ts';

/** Another task runner, set up in a workspace of its own. */
export interface Peer {
  readonly name: string;
  /** What is installed of the registry. */
  readonly packages: readonly string[];
  /** Writes its configuration. */
  prepare(workspace: GeneratedWorkspace): Promise<void>;
  /** Program of `node_modules/.bin` and its arguments, for a build of all from nothing. */
  command(concurrency: number): readonly string[];
  env?(concurrency: number): Readonly<Record<string, string>>;
}

const write = (root: string, path: string, value: unknown) =>
  writeFile(join(root, path), typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** An npm lockfile that names the packages of the workspace, as turbo and lage want one. */
async function writeLock({ root, graph }: GeneratedWorkspace): Promise<void> {
  const packages = Object.fromEntries(
    graph.ids.flatMap((name) => [
      [`packages/${name}`, { name, version: '1.0.0' }],
      [`node_modules/${name}`, { resolved: `packages/${name}`, link: true }],
    ]),
  );
  const top = { name: 'generated', version: '1.0.0', workspaces: ['packages/*'] };
  await write(root, 'package-lock.json', { name: 'generated', version: '1.0.0', lockfileVersion: 3, packages: { '': top, ...packages } });
}

const turbo: Peer = {
  name: 'Turborepo',
  packages: ['turbo'],
  prepare: async (workspace) => {
    await writeLock(workspace);
    await write(workspace.root, 'turbo.json', { tasks: { build: { dependsOn: ['^build'], outputs: ['dist/**'] } } });
  },
  command: (concurrency) => ['turbo', 'run', 'build', '--force', `--concurrency=${concurrency}`, '--output-logs=none', '--no-daemon'],
  env: () => ({ TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }),
};

const nx: Peer = {
  name: 'Nx (run-commands)',
  packages: ['nx'],
  prepare: async ({ root, graph }) => {
    await write(root, 'nx.json', { targetDefaults: { build: { dependsOn: ['^build'], outputs: ['{projectRoot}/dist'], cache: true } } });
    for (const name of graph.ids) {
      const { scripts }: { scripts: { build: string } } = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8'));
      const build = { executor: 'nx:run-commands', options: { command: scripts.build, cwd: `packages/${name}` } };
      await write(root, `packages/${name}/project.json`, { name, targets: { build } });
    }
  },
  command: (concurrency) => ['nx', 'run-many', '-t', 'build', `--parallel=${concurrency}`, '--skip-nx-cache', '--outputStyle=static'],
  env: () => ({ NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_INTERACTIVE: 'false', NX_TUI: 'false' }),
};

const lage: Peer = {
  name: 'lage',
  packages: ['lage'],
  prepare: async (workspace) => {
    await writeLock(workspace);
    await write(workspace.root, 'lage.config.js', "module.exports = { npmClient: 'npm', pipeline: { build: ['^build'] } };\n");
  },
  command: (concurrency) => ['lage', 'build', '--concurrency', String(concurrency), '--no-cache'],
};

const wireit: Peer = {
  name: 'wireit',
  packages: ['wireit'],
  prepare: async ({ root, graph }) => {
    for (const name of graph.ids) {
      const file = join(root, 'packages', name, 'package.json');
      const manifest: { scripts: { build: string } } = JSON.parse(await readFile(file, 'utf8'));
      const dependencies = (graph.dependencies.get(name) ?? []).map((other) => `../${other}:build`);
      const build = { command: manifest.scripts.build, dependencies, files: ['src/**'], output: ['dist/**'] };
      await writeFile(file, JSON.stringify({ ...manifest, scripts: { build: 'wireit' }, wireit: { build } }));
    }
    const all = { dependencies: graph.ids.map((name) => `./packages/${name}:build`) };
    await write(root, 'package.json', {
      name: 'generated',
      private: true,
      workspaces: ['packages/*'],
      scripts: { build: 'wireit' },
      wireit: { build: all },
    });
  },
  command: () => ['npm', 'run', 'build'],
  env: (concurrency) => ({ WIREIT_PARALLEL: String(concurrency), WIREIT_CACHE: 'none', WIREIT_LOGGER: 'quiet-ci' }),
};

const pnpm: Peer = {
  name: 'pnpm -r',
  packages: ['pnpm@10'],
  prepare: async ({ root }) => {
    await write(root, 'pnpm-workspace.yaml', 'packages:\n  - packages/*\nlinkWorkspacePackages: true\n');
    await write(root, 'package.json', { name: 'generated', private: true });
  },
  command: (concurrency) => ['pnpm', '-r', `--workspace-concurrency=${concurrency}`, 'run', 'build'],
};

export const PEERS: readonly Peer[] = [wireit, nx, turbo, lage, pnpm];

/** Installs a peer into a folder of its own; why that failed, where it did. */
export async function installPeer(peer: Peer, folder: string): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  await write(folder, 'package.json', { name: 'peer', private: true });
  const { failed, stderr } = await execa('npm', ['install', '--no-audit', '--no-fund', ...peer.packages], { cwd: folder, reject: false });
  return failed ? stderr.split('\n').slice(0, 3).join(' ') : undefined;
}

/** Gives a workspace the programs of a peer. */
export async function lendPrograms(workspace: string, installed: string): Promise<void> {
  await symlink(join(installed, 'node_modules'), join(workspace, 'node_modules'));
}
