import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { openProject } from './open-project.ts';

async function repository(manifest: string | null = '{"name":"@acme/shop"}', commit = true): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-project-')));
  await execa('git', ['init', '-q', '-b', 'main'], { cwd: root });
  if (manifest !== null) await writeFile(join(root, 'package.json'), manifest);
  if (commit)
    await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first'], { cwd: root });
  return root;
}

describe('openProject', () => {
  it('finds the top folder and keeps its state out of git without touching a tracked file', async () => {
    const root = await repository();
    await mkdir(join(root, 'src'));
    const project = await openProject({ repo: join(root, 'src') });
    expect(project).toMatchObject({
      root,
      name: '@acme/shop',
      dataDir: join(root, '.selfheal'),
      id: expect.stringMatching(/^acme-shop-[0-9a-f]{8}$/),
    });
    await openProject({ repo: root });
    expect((await readFile(join(root, '.git/info/exclude'), 'utf8')).match(/^\/\.selfheal\/$/gm)).toHaveLength(1);
    await writeFile(join(project.dataDir, 'x'), 'x');
    expect((await execa('git', ['status', '--porcelain', '--', '.selfheal'], { cwd: root })).stdout).toBe('');
  });

  it('takes another data folder, and leaves git alone then', async () => {
    const root = await repository();
    const data = await mkdtemp(join(tmpdir(), 'selfheal-data-'));
    const before = await readFile(join(root, '.git/info/exclude'), 'utf8').catch(() => '');
    expect((await openProject({ repo: root, dataDir: data })).dataDir).toBe(data);
    expect(await readFile(join(root, '.git/info/exclude'), 'utf8').catch(() => '')).toBe(before);
  });

  it.each([
    ['a folder that is not there', async () => join(tmpdir(), 'selfheal-nowhere-at-all'), 'REPO_MISSING'],
    ['a folder without git', () => mkdtemp(join(tmpdir(), 'selfheal-plain-')), 'REPO_MISSING'],
    ['a repository without commit', () => repository('{}', false), 'REPO_NO_COMMIT'],
    ['a repository without package.json', () => repository(null), 'REPO_NO_PACKAGE'],
    ['a broken package.json', () => repository('{"name":'), 'REPO_NO_PACKAGE'],
  ])('refuses %s', async (_what, make, code) => {
    await expect(openProject({ repo: await make() })).rejects.toMatchObject({ code });
  });
});
