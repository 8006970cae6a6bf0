import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '@selfheal/repository';
import { expect, onTestFinished, test } from 'vitest';
import { WorkspaceFiles } from './workspace-files.ts';

async function folder(
  files: Readonly<Record<string, string>>,
): Promise<{ root: string; write: (path: string, text: string) => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-files-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { root, write };
}

test('tells what a command made from what it was given, as git would', async () => {
  const { root, write } = await folder({
    '.gitignore': 'node_modules/\n*.gen.ts\ndist/\n',
    'a/package.json': '{}',
    'a/src/x.ts': '',
    'a/old/kept.txt': '',
    'ab/dist/other.js': '',
    'a/node_modules/z/index.js': '',
  });
  await git(root, ['init', '--quiet']);
  const files = await WorkspaceFiles.open(root);
  expect(files.below('a')).toEqual({ sources: ['a/old/kept.txt', 'a/package.json', 'a/src/x.ts'], made: [] });
  expect(files.below('ab')).toEqual({ sources: [], made: ['ab/dist/other.js'] });
  expect(files.atRoot).toEqual(['.gitignore']);

  await write('a/.gitignore', 'cache/*\n!cache/keep\n');
  for (const path of ['a/dist/y.js', 'a/dist/deep/y.js', 'a/src/x.gen.ts', 'a/src/new.ts', 'a/cache/1', 'a/cache/keep'])
    await write(path, '');
  await rm(join(root, 'a/old'), { recursive: true });
  const sources = ['a/.gitignore', 'a/cache/keep', 'a/old/kept.txt', 'a/package.json', 'a/src/new.ts', 'a/src/x.ts'];
  expect(await files.listAgain('a')).toEqual({ sources, made: ['a/cache/1', 'a/dist/deep/y.js', 'a/dist/y.js', 'a/src/x.gen.ts'] });
  expect(files.below('a').sources).toEqual(sources);
  files.close();
});

test('goes by the usual names where git keeps nothing', async () => {
  const { root, write } = await folder({ 'a/src/x.ts': '' });
  const files = await WorkspaceFiles.open(root);
  await write('a/dist/x.js', '');
  expect(await files.listAgain('a')).toEqual({ sources: ['a/src/x.ts'], made: ['a/dist/x.js'] });
});
