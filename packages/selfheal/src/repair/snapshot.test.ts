import { mkdir, mkdtemp, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeSnapshot } from './snapshot.ts';

test('packages of a workspace lead to their copies, installed ones to where they are', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-workspace-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const file of ['package.json', 'packages/core/package.json', 'packages/app/package.json', 'node_modules/other/package.json']) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '{}');
  }
  await mkdir(join(folder, 'node_modules/@w'));
  await symlink('../../packages/core', join(folder, 'node_modules/@w/core'));
  await mkdir(join(folder, 'packages/app/node_modules'));
  await symlink('../../core', join(folder, 'packages/app/node_modules/core'));
  await using snapshot = await takeSnapshot(folder);
  const root = await realpath(snapshot.root);
  expect(await realpath(join(root, 'node_modules/@w/core'))).toBe(join(root, 'packages/core'));
  expect(await realpath(join(root, 'packages/app/node_modules/core'))).toBe(join(root, 'packages/core'));
  expect(await readlink(join(root, 'node_modules/other'))).toBe(join(folder, 'node_modules/other'));
});
