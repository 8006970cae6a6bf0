import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diagnosisRig } from './diagnosis-rig.ts';
import { loadCodebaseInfo } from './loadCodebaseInfo.ts';

const run = promisify(execFile);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'selfheal-code-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const git = (...args: string[]) => run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', ...args], { cwd: root });

test('facts and sources come from one commit, not from the working tree', async () => {
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(root, 'package.json'), '{"name":"shop","scripts":{"test":"node --test"}}');
  await writeFile(join(root, 'a.js'), 'exports.a = () => 1;\n');
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'Start');
  await writeFile(join(root, 'a.js'), 'changed;\n');
  await using rig = await diagnosisRig(root);
  const { codebase, sources } = await loadCodebaseInfo({ projectId: 'shop' }, rig.ports);
  expect(codebase).toMatchObject({ packageName: 'shop', branch: 'main', commit: sources.commit, runner: { name: 'node:test' } });
  expect(sources.files['a.js']).toBe('exports.a = () => 1;\n');
});

test('a folder without a repository fails with REPO_MISSING', async () => {
  await using rig = await diagnosisRig(root);
  await expect(loadCodebaseInfo({ projectId: 'shop' }, rig.ports)).rejects.toMatchObject({ code: 'REPO_MISSING' });
});
