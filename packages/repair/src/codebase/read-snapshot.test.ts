import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultBranch } from './default-branch.ts';
import { readSnapshot } from './read-snapshot.ts';
import { temporaryRepo } from './repo-for-tests.ts';

test('the snapshot is the commit, whatever the working tree holds', async () => {
  await using repo = await temporaryRepo({ 'package.json': '{}', 'src/a.js': 'const a = 1;\n' });
  const commit = await repo.git('rev-parse', 'HEAD');
  await repo.write({ 'src/a.js': 'const a = 2;\n', 'src/new.js': 'new;\n' });
  const snapshot = await readSnapshot({ root: repo.root, commit });
  expect(snapshot.files).toEqual({ 'package.json': '{}', 'src/a.js': 'const a = 1;\n' });
  expect(snapshot.commit).toBe(commit);
});

test('links, binaries and large files are left out and named; packages and build output are not looked at', async () => {
  await using repo = await temporaryRepo();
  await symlink('/etc/passwd', join(repo.root, 'evil.js'));
  await repo.commit('All', {
    'package.json': '{}',
    'src/ü mlaut.js': '// ünïcode\n',
    'src/binary.js': new Uint8Array([0x61, 0, 0xff, 0x62]),
    'src/large.js': 'x'.repeat(1_100_000),
    'data/large.json': `"${'x'.repeat(200_000)}"`,
    'node_modules/x/index.js': 'x;\n',
    'dist/a.js': 'x;\n',
    'picture.png': new Uint8Array([0x89, 0x50, 0]),
    'src/empty.js': '',
  });
  const { files, leftOut } = await readSnapshot({ root: repo.root, commit: 'HEAD' });
  expect(Object.keys(files)).toEqual(['package.json', 'src/empty.js', 'src/ü mlaut.js']);
  expect(files['src/ü mlaut.js']).toBe('// ünïcode\n');
  expect(leftOut).toEqual([
    'data/large.json (larger than 131072 bytes)',
    'evil.js (symbolic link)',
    'src/binary.js (binary)',
    'src/large.js (larger than 1048576 bytes)',
  ]);
});

test('a submodule is left out and named', async () => {
  await using repo = await temporaryRepo({ 'package.json': '{}' });
  const head = await repo.git('rev-parse', 'HEAD');
  await repo.git('update-index', '--add', '--cacheinfo', `160000,${head},vendored.js`);
  await repo.git('commit', '--quiet', '-m', 'Add a submodule');
  expect((await readSnapshot({ root: repo.root, commit: 'HEAD' })).leftOut).toEqual(['vendored.js (submodule)']);
});

test('a package in a folder of a larger repository is read with paths of its own', async () => {
  await using repo = await temporaryRepo({
    'package.json': '{}',
    'services/shop/package.json': '{"name":"shop"}',
    'services/shop/src/a.js': 'a;\n',
  });
  const { files } = await readSnapshot({ root: join(repo.root, 'services/shop'), commit: 'HEAD' });
  expect(Object.keys(files)).toEqual(['package.json', 'src/a.js']);
});

test('the default branch is main, master, or what is checked out, in this order', async () => {
  await using repo = await temporaryRepo({ 'package.json': '{}' });
  const first = await repo.git('rev-parse', 'HEAD');
  await repo.git('checkout', '--quiet', '-b', 'feature');
  await repo.commit('Work');
  expect(await defaultBranch(repo.root)).toEqual({ branch: 'main', head: first });
  await repo.git('branch', '--quiet', '-m', 'main', 'master');
  expect((await defaultBranch(repo.root)).branch).toBe('master');
  await repo.git('branch', '--quiet', '-D', 'master');
  expect((await defaultBranch(repo.root)).branch).toBe('feature');
  await repo.git('checkout', '--quiet', '--detach');
  await repo.git('branch', '--quiet', '-D', 'feature');
  expect((await defaultBranch(repo.root)).branch).toBe('HEAD');
});

test('the head of origin names the default branch', async () => {
  await using repo = await temporaryRepo({ 'package.json': '{}' });
  await repo.git('branch', 'trunk');
  await repo.git('update-ref', 'refs/remotes/origin/trunk', 'HEAD');
  await repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
  expect((await defaultBranch(repo.root)).branch).toBe('trunk');
});
