import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWorkspace } from './read-workspace.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workspace-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, manifest: unknown): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
}

test('the packages of a workspace, with the dependencies between them', async () => {
  await put('package.json', { name: 'acme', workspaces: ['packages/*', './apps/web/', '!packages/old'] });
  await put('packages/core/package.json', { name: '@acme/core', devDependencies: { vitest: '*' } });
  await put('packages/ui/package.json', {
    name: '@acme/ui',
    peerDependencies: { '@acme/core': '*' },
    dependencies: { react: '*', '@acme/ui': '*' },
  });
  await put('packages/old/package.json', { name: '@acme/old' });
  await put('packages/broken/package.json', '{');
  await put('packages/ui/node_modules/x/package.json', { name: 'x' });
  await put('apps/web/package.json', { name: 'web', dependencies: { '@acme/ui': '*' }, devDependencies: { '@acme/core': '*' } });
  const { format, plan, diagnostics } = await readWorkspace(folder);
  expect([format, diagnostics, plan?.name]).toEqual(['package-graph', [], 'acme']);
  const [graph] = plan?.movements[0]?.beats ?? [];
  expect(graph?.form === 'graph' && graph.nodes.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['web', ['@acme/ui', '@acme/core']],
    ['@acme/core', []],
    ['@acme/ui', ['@acme/core']],
  ]);
  expect(graph).toMatchObject({ nodes: [{ beat: { input: { packagePath: 'apps/web' } } }, {}, {}] });
});

test('packages that need each other are an error', async () => {
  await put('package.json', { workspaces: { packages: ['p/*'] } });
  await put('p/a/package.json', { name: 'a', dependencies: { b: '*' } });
  await put('p/b/package.json', { name: 'b', dependencies: { a: '*' } });
  expect((await readWorkspace(folder)).diagnostics).toMatchObject([{ code: 'GRAPH_CYCLE', message: expect.stringContaining('a → b → a') }]);
});

test('a folder that is no workspace says so', async () => {
  expect((await readWorkspace(folder)).diagnostics).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  await put('package.json', { name: 'single' });
  expect((await readWorkspace(folder)).plan).toBeUndefined();
});
