import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkout, RunResult, Sandbox } from '@selfheal/contracts';
import { execa } from 'execa';

/** A sandbox without walls for tests of what is done with its results: a clone of the commit, commands run in it by the shell. */
export function plainSandbox(root: string): Sandbox {
  return {
    checkout: (commit) => clone(root, commit),
    detectRunner: async () => undefined,
    run: (checkout, command, options) => run(checkout.path, command, options?.timeoutMs),
    runTests: () => Promise.reject(new Error('not for tests of the forge')),
  };
}

async function clone(root: string, commit: string): Promise<Checkout> {
  const path = await mkdtemp(join(tmpdir(), 'selfheal-checkout-'));
  await execa('git', ['clone', '-q', '--no-checkout', root, path]);
  await execa('git', ['fetch', '-q', root, commit], { cwd: path, env: { GIT_ALLOW_PROTOCOL: 'file' } });
  await execa('git', ['checkout', '-q', '--detach', commit], { cwd: path });
  return {
    path,
    commit,
    apply: () => Promise.reject(new Error('not for tests of the forge')),
    reset: async () => undefined,
    read: (file) => readFile(join(path, file), 'utf8').catch(() => undefined),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

async function run(cwd: string, command: string, timeout = 10_000): Promise<RunResult> {
  const started = Date.now();
  const result = await execa(command, { shell: true, cwd, reject: false, timeout });
  return {
    exitCode: result.exitCode ?? 1,
    stdout: result.stdout,
    stderr: result.stderr,
    timedOut: result.timedOut,
    durationMs: Date.now() - started,
    ...(result.signal === undefined ? {} : { signal: result.signal }),
  };
}
