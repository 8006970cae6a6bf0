import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TempTree, tempTree } from './temp-tree.ts';

const SCRIPTS = resolve(import.meta.dirname, '..');
const MANIFEST = {
  name: 'small-clone',
  private: true,
  type: 'module',
  workspaces: ['packages/*', 'handlers'],
  scripts: { preinstall: 'echo once >> installs' },
  devDependencies: { node: 'file:vendor/node', vitest: 'file:vendor/vitest' },
};

export interface SmallClone extends TempTree {
  /** Starts `node scripts/bootstrap.mjs ...args` under this Node. */
  readonly start: (...args: string[]) => Run;
  /** Starts `npm ...args`. */
  readonly npm: (...args: string[]) => Run;
  readonly run: (...args: string[]) => Promise<Ended>;
  /** How often npm has installed. */
  readonly installs: () => number;
  readonly changeManifest: (change: object) => void;
}

export interface Run {
  readonly pid: number | undefined;
  readonly kill: (signal: NodeJS.Signals) => boolean;
  /** Resolves when the standard output holds the text. */
  readonly printed: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A fresh clone in small: the real bootstrap and its modules, and packages that npm installs without a network. Its Node 24 is the Node that
 * runs the tests; its task `start` and its machine set-up are what the test writes.
 */
export function smallClone(files: Readonly<Record<string, string>> = {}): SmallClone {
  const tree = tempTree({
    'package.json': JSON.stringify(MANIFEST),
    'packages/one/package.json': JSON.stringify({ name: 'one', version: '1.0.0' }),
    'vendor/node/package.json': JSON.stringify({ name: 'node', version: '24.0.0', bin: { node: 'bin/node' } }),
    'vendor/vitest/package.json': JSON.stringify({ name: 'vitest', version: '1.0.0' }),
    'vendor/vitest/vitest.mjs': 'console.log(JSON.stringify(process.argv.slice(2)));\n',
    'scripts/start.ts': "const args: string[] = process.argv.slice(2);\nconsole.log('started', ...args);\n",
    ...files,
  });
  for (const name of [
    'bootstrap.mjs',
    ...['install-packages', 'node-version', 'run-command', 'setup-lock', 'task-command'].map((name) => `setup/${name}.mjs`),
  ]) {
    cpSync(join(SCRIPTS, name), tree.path(`scripts/${name}`));
  }
  if (files['scripts/setup/prepare-machine.ts'] === undefined) {
    tree.write('scripts/setup/prepare-machine.ts', "console.log('prepared for', process.argv[2] as string);\n");
  }
  tree.writeProgram('vendor/node/bin/node', `exec "${process.execPath}" "$@"`);
  const start = (...args: string[]) => startProgram(tree.root, process.execPath, [tree.path('scripts/bootstrap.mjs'), ...args]);
  return {
    ...tree,
    start,
    npm: (...args) => startProgram(tree.root, 'npm', args),
    run: (...args) => start(...args).ended,
    installs: () => tree.read('installs').trim().split('\n').length,
    changeManifest: (change) => void tree.write('package.json', JSON.stringify({ ...MANIFEST, ...change })),
  };
}

function startProgram(cwd: string, command: string, args: readonly string[]): Run {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const ended = Promise.withResolvers<Ended>();
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.once('error', ended.reject);
  child.once('close', (code) => ended.resolve({ code, stdout, stderr }));
  const printed = async (text: string) => {
    while (!stdout.includes(text)) {
      const { promise, resolve: look } = Promise.withResolvers<void>();
      child.stdout.once('data', () => look());
      child.once('close', () => look());
      await promise;
      if (child.exitCode !== null && !stdout.includes(text)) throw new Error(`ended without printing "${text}": ${stdout}${stderr}`);
    }
  };
  return { pid: child.pid, kill: (signal) => child.kill(signal), printed, ended: ended.promise };
}
