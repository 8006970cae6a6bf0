import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './in-process.ts';

test('a coordinator decides about a task that failed in a durable build, and the attempt is recorded', async () => {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-build-coordinator-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const manifest = async (name: string, value: object): Promise<void> => {
    await mkdir(join(root, name), { recursive: true });
    await writeFile(join(root, name, 'package.json'), `${JSON.stringify(value, null, 2)}\n`);
  };
  await manifest('.', { name: 'all', private: true, workspaces: ['packages/*'] });
  const cart = 'sleep 0.3 && mkdir -p dist && echo "export const cart = 1" > dist/index.js';
  await manifest('packages/cart', { name: 'cart', version: '1.0.0', type: 'module', exports: './dist/index.js', scripts: { build: cart } });
  // It runs beside what it needs, as it does not say that it needs it.
  const page = { type: 'module', scripts: { build: 'node -e "import(\'cart\')"' } };
  await manifest('packages/page', { name: 'page', version: '1.0.0', ...page });
  await mkdir(join(root, 'node_modules'));
  await symlink('../packages/cart', join(root, 'node_modules/cart'));
  await writeFile(join(root, '.gitignore'), 'node_modules\ndist/\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { cwd: root });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'As it is');

  const { error, exitCode, stdout, stderr } = await run(['build', '--heal', '--apply', '--concurrency', '2', '--repo', root]);
  expect([error, exitCode, stdout], stderr).toEqual([undefined, 0, expect.stringContaining('1. page#build: packages/page/package.json')]);
  const attempts = await run(['attempts', 'list', '--repo', root, '--json', '-']);
  expect(JSON.parse(attempts.stdout)).toMatchObject({ attempts: [{ sequence: 'build', beat: 'page#build', result: 'healed' }] });
}, 120_000);
