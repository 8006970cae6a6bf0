import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository } from '../testing/repository.ts';
import { changedLines, symbolicLinks } from './changed-lines.ts';
import { commitEdits } from './commit-edits.ts';
import { dropProposal } from './proposal-refs.ts';

const FILES = { 'a.js': 'one\ntwo\nthree\n', 'package.json': '{}' };

describe('commitEdits', () => {
  test('commits without touching index, working tree or branch; equal edits give the equal commit', async () => {
    await using repository = await makeRepository(FILES);
    const base = await repository.git('rev-parse', 'HEAD');
    const edits = [
      { file: 'a.js', search: 'two', replace: 'TWO' },
      { file: 'new/b.js', search: '', replace: 'b\n' },
    ];
    const first = await commitEdits({ root: repository.root, base, edits });
    const second = await commitEdits({ root: repository.root, base: 'HEAD', edits });
    expect(second).toBe(first);
    expect(await repository.git('show', `${first}:a.js`)).toBe('one\nTWO\nthree');
    expect(await repository.git('show', `${first}:new/b.js`)).toBe('b');
    expect(await repository.git('rev-parse', `${first}^`)).toBe(base);
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await repository.git('rev-parse', 'HEAD')).toBe(base);
    expect(await repository.git('for-each-ref', 'refs/selfheal', '--format=%(objectname)')).toBe(first);
    await repository.git('gc', '-q', '--prune=now');
    expect(await repository.git('cat-file', '-t', first)).toBe('commit');
  });

  test('lets go of a commit when told to, and of those that a dead process left a day ago', async () => {
    await using repository = await makeRepository(FILES);
    const { root } = repository;
    const refs = () => repository.git('for-each-ref', 'refs/selfheal', '--format=%(objectname)');
    const edits = [{ file: 'a.js', search: 'two', replace: 'TWO' }];
    const others = [{ file: 'a.js', search: 'one', replace: 'ONE' }];
    const first = await commitEdits({ root, base: 'HEAD', edits });
    const other = await commitEdits({ root, base: 'HEAD', edits: others });
    await dropProposal({ root, edits });
    expect(await refs()).toBe(other);
    await dropProposal({ root, edits });

    const old = `refs/selfheal/${Date.now() - 25 * 3_600_000}-${'a'.repeat(32)}`;
    await repository.git('update-ref', old, first);
    await repository.git('update-ref', `refs/selfheal/${'b'.repeat(32)}`, first);
    expect((await refs()).split('\n')).toHaveLength(3);
    await commitEdits({ root, base: 'HEAD', edits: others });
    expect(await refs()).toBe(other);
  });

  test('keeps modes, and works for a package below the top', async () => {
    await using repository = await makeRepository({ 'packages/app/run.sh': 'echo a\n' });
    await chmod(join(repository.root, 'packages/app/run.sh'), 0o755);
    await repository.commit({});
    const root = join(repository.root, 'packages/app');
    const sha = await commitEdits({ root, base: 'HEAD', edits: [{ file: 'run.sh', search: 'a', replace: 'b' }] });
    expect(await repository.git('ls-tree', '-r', sha, 'packages/app/run.sh')).toMatch(/^100755 /);
    expect(await changedLines({ root, base: 'HEAD', head: sha })).toEqual(new Map([['run.sh', [1]]]));
  });

  test('refuses what does not fit, links, and paths outside', async () => {
    await using repository = await makeRepository(FILES);
    await symlink('a.js', join(repository.root, 'link'));
    await repository.commit({});
    const commit = (file: string, search: string) =>
      commitEdits({ root: repository.root, base: 'HEAD', edits: [{ file, search, replace: 'x' }] });
    await expect(commit('a.js', 'four')).rejects.toMatchObject({ code: 'PATCH_CONFLICT' });
    await expect(commit('link', 'a')).rejects.toMatchObject({ code: 'PATCH_FORBIDDEN' });
    await expect(commit('../a.js', '')).rejects.toMatchObject({ code: 'PATCH_FORBIDDEN' });
    expect(await repository.git('for-each-ref', 'refs/selfheal')).toBe('');
    expect(await symbolicLinks({ root: repository.root, commit: 'HEAD' })).toEqual(['link']);
  });
});

test('changed lines are those of the new side', async () => {
  await using repository = await makeRepository({ ...FILES, 'gone.js': 'x\n', 'sp ace.js': 'x\n' });
  const base = await repository.git('rev-parse', 'HEAD');
  await repository.git('rm', '-q', 'gone.js');
  const head = await repository.commit({ 'a.js': 'zero\none\ntwo\nTHREE\nfour\n', 'sp ace.js': 'y\n', 'grüße.js': '1\n2\n' });
  expect(await changedLines({ root: repository.root, base, head })).toEqual(
    new Map([
      ['a.js', [1, 4, 5]],
      ['grüße.js', [1, 2]],
      ['sp ace.js', [1]],
    ]),
  );
});
