import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readWorkspace } from './read-workspace.ts';

async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-workspace-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

describe('readWorkspace', () => {
  test('reads the packages of npm, and which depend on which', async () => {
    const root = await folderOf({
      'package.json': { workspaces: ['packages/*', 'tools/**', '!tools/old'] },
      'packages/app/package.json': {
        name: 'app',
        dependencies: { lib: '^1.0.0', zod: '^4.0.0' },
        devDependencies: { lint: '*', lib: '*' },
        peerDependencies: { far: '^9.0.0' },
      },
      'packages/lib/package.json': { name: 'lib', version: '1.2.0', scripts: { build: 'tsc' } },
      'packages/no-manifest/readme.md': 'nothing',
      'tools/deep/lint/package.json': { name: 'lint' },
      'tools/far/package.json': { name: 'far', version: '1.0.0' },
      'tools/old/package.json': { name: 'old' },
      'tools/far/node_modules/other/package.json': { name: 'other' },
    });
    const { packageManager, packages } = await readWorkspace(root);
    expect(packageManager).toBe('npm');
    expect(packages.map(({ name, directory }) => [name, directory])).toEqual([
      ['app', 'packages/app'],
      ['lib', 'packages/lib'],
      ['lint', 'tools/deep/lint'],
      ['far', 'tools/far'],
    ]);
    // `far` is asked for in a version that the workspace does not have: the registry's is meant.
    expect(packages[0]?.links).toEqual([
      { name: 'lib', field: 'dependencies' },
      { name: 'lint', field: 'devDependencies' },
    ]);
  });

  test('reads those of pnpm and of yarn', async () => {
    const one = { 'a/package.json': { name: 'a', dependencies: { b: 'workspace:*' } }, 'b/package.json': { name: 'b' } };
    const pnpm = await folderOf({ 'package.json': {}, 'pnpm-workspace.yaml': 'packages:\n  - "a"\n  - ./b/ # with a comment\n', ...one });
    const yarn = await folderOf({ 'package.json': { workspaces: { packages: ['a', 'b'] } }, 'yarn.lock': '', ...one });
    for (const [root, packageManager] of [
      [pnpm, 'pnpm'],
      [yarn, 'yarn'],
    ] as const) {
      const found = await readWorkspace(root);
      expect(found).toMatchObject({ packageManager, packages: [{ name: 'a', links: [{ name: 'b' }] }, { name: 'b' }] });
    }
  });

  test('takes a folder without a workspace as one package', async () => {
    const root = await folderOf({ 'package.json': { scripts: { build: 'true' } } });
    expect((await readWorkspace(root)).packages).toEqual([{ name: 'root', directory: '.', scripts: { build: 'true' }, links: [] }]);
  });

  test.each([
    ['no package.json', {}, /no package.json/],
    ['bad JSON', { 'package.json': '{ "name": ' }, /not JSON.*package\.json/],
    ['a wrong type', { 'package.json': { scripts: { build: 7 } } }, /scripts\.build/],
    ['bad YAML', { 'package.json': {}, 'pnpm-workspace.yaml': 'packages: [' }, /pnpm-workspace\.yaml/],
    ['no name', { 'package.json': { workspaces: ['a'] }, 'a/package.json': {} }, /no name.*a\/package\.json/],
    [
      'one name twice',
      { 'package.json': { workspaces: ['*'] }, 'a/package.json': { name: 'x' }, 'b/package.json': { name: 'x' } },
      /a and b both are named "x"/,
    ],
  ])('names the place of %s', async (_what, files, message) => {
    await expect(readWorkspace(await folderOf(files))).rejects.toThrow(message);
  });
});
