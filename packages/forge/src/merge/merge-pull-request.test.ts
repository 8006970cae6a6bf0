import { access } from 'node:fs/promises';
import { type ErrorCode, isSelfhealError, type PullRequest } from '@selfheal/contracts';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRepository } from '../git/repository.ts';
import { landFix, leaveLock, mergeOf, proposeFix } from '../testing/landing.ts';
import { CART, RepositoryRig } from '../testing/repository-rig.ts';
import { type MergeRequest, mergePullRequest } from './merge-pull-request.ts';

const GUARD = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };

describe('mergePullRequest', () => {
  let rig: RepositoryRig;
  let base: string;
  let pullRequest: PullRequest;
  beforeEach(async () => {
    rig = await RepositoryRig.create();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    base = await rig.head();
    pullRequest = await proposeFix(rig.root, {
      name: 'cart',
      edits: [GUARD, { file: 'test/cart.test.js', search: '', replace: 'x\n' }],
      base,
    });
  });

  const merge = async (overrides: Partial<MergeRequest> = {}) =>
    mergePullRequest(await openRepository(rig.root), mergeOf(rig.root, pullRequest, overrides));
  const failsWith = (code: ErrorCode, said: string) => (error: unknown) =>
    isSelfhealError(error) && error.code === code && error.message.includes(said);

  it('merges at the head and updates the tree where the branch is checked out', async () => {
    const { mergeCommit, treeUpdated } = await merge();
    expect(treeUpdated).toBe(true);
    expect(await rig.head('main')).toBe(mergeCommit);
    expect(await rig.git('log', '-1', '--format=%P%n%s%n%(trailers)', 'main')).toBe(
      `${base} ${pullRequest.head}\nMerge selfheal/error-cart\nSelfheal-Key: pr-cart/merge\n`,
    );
    expect(await rig.read('src/cart.js')).toContain('items?.[0]');
    expect(await rig.read('test/cart.test.js')).toBe('x\n');
    expect(await rig.status()).toBe('');
    expect(await rig.git('fsck', '--no-dangling')).toBe('');
  });

  it('gives the same merge again, and makes no second one', async () => {
    const first = await merge();
    await rig.write('later.js', 'later\n');
    await rig.commitAll('Later');
    expect((await merge()).mergeCommit).toBe(first.mergeCommit);
    expect(await rig.git('rev-list', '--count', '--merges', 'main')).toBe('1');
  });

  it('brings the files of a merge whose process died before it wrote them', async () => {
    const { mergeCommit } = await merge();
    await rig.git('reset', '-q', '--hard', base);
    await leaveLock(rig.root, { from: base, to: mergeCommit });
    await rig.git('update-ref', 'refs/heads/main', mergeCommit);
    expect((await merge()).mergeCommit).toBe(mergeCommit);
    expect(await rig.status()).toBe('');
    expect(await rig.read('src/cart.js')).toContain('items?.[0]');
  });

  it('takes a merge that a person made, fast-forward too', async () => {
    await rig.git('merge', '-q', '--ff-only', pullRequest.branch);
    expect(await merge()).toEqual({ mergeCommit: pullRequest.head, treeUpdated: undefined });
    await rig.git('reset', '-q', '--hard', base);
    await rig.git('merge', '-q', '--no-ff', '-m', 'By hand', pullRequest.branch);
    const byHand = await rig.head();
    await rig.write('later.js', 'later\n');
    await rig.commitAll('Later');
    expect((await merge()).mergeCommit).toBe(byHand);
  });

  it('merges anew and checks the result where the base moved', async () => {
    await rig.write('src/cart.js', CART.replace('sum + item.price', 'sum + item.price * item.count'));
    const moved = await rig.commitAll('Count');
    const checked: string[] = [];
    const { mergeCommit } = await merge({
      checks: async (commit) => {
        checked.push(await rig.git('show', `${commit}:src/cart.js`));
        return true;
      },
    });
    expect(checked).toEqual([await rig.git('show', `${mergeCommit}:src/cart.js`)]);
    expect(checked[0]).toContain('item.count');
    expect(checked[0]).toContain('items?.[0]');
    expect(await rig.head('main^1')).toBe(moved);
    expect(await rig.status()).toBe('');
  });

  it('does not check what was proved already', async () => {
    await merge({ checks: () => Promise.reject(new Error('must not be asked')) });
  });

  it('merges nothing where the checks of the result fail', async () => {
    await rig.write('other.js', 'x\n');
    const moved = await rig.commitAll('Other');
    await expect(merge({ checks: async () => false })).rejects.toSatisfy(failsWith('CI_FAILED', moved.slice(0, 12)));
    expect(await rig.head('main')).toBe(moved);
  });

  it('lands on the newest base where it moves during the checks', async () => {
    await rig.write('other.js', 'x\n');
    await rig.commitAll('Other');
    let checks = 0;
    await merge({
      checks: async () => {
        checks += 1;
        if (checks === 1) {
          await rig.write('third.js', 'x\n');
          await rig.commitAll('Third');
        }
        return true;
      },
    });
    expect(checks).toBe(2);
    expect((await rig.git('ls-tree', '-r', '--name-only', 'main')).split('\n')).toEqual(
      expect.arrayContaining(['other.js', 'third.js', 'test/cart.test.js']),
    );
  });

  it('names the files of a conflict and leaves all as it was', async () => {
    await rig.write('src/cart.js', CART.replace('cart.items[0]', 'cart.list[0]'));
    const moved = await rig.commitAll('Rename');
    await expect(merge()).rejects.toSatisfy(failsWith('PATCH_CONFLICT', 'src/cart.js'));
    expect(await rig.head('main')).toBe(moved);
    expect(await rig.status()).toBe('');
  });

  it('lands entries that two fixes add to one list, each on top of the other', async () => {
    await rig.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n- First\n');
    base = await rig.commitAll('Changelog');
    const entry = (text: string) => [{ file: 'CHANGELOG.md', search: '## Unreleased\n', replace: `## Unreleased\n\n- ${text}` }];
    const one = await proposeFix(rig.root, { name: 'one', edits: entry('One'), base });
    const two = await proposeFix(rig.root, { name: 'two', edits: entry('Two'), base });
    const repository = await openRepository(rig.root);
    await mergePullRequest(repository, mergeOf(rig.root, one, { edits: entry('One') }));
    await expect(mergePullRequest(repository, mergeOf(rig.root, two))).rejects.toSatisfy(failsWith('PATCH_CONFLICT', 'CHANGELOG.md'));
    const twice = [{ file: 'CHANGELOG.md', search: '-', replace: '*' }];
    await expect(mergePullRequest(repository, mergeOf(rig.root, two, { edits: twice }))).rejects.toSatisfy(
      failsWith('PATCH_CONFLICT', 'CHANGELOG.md'),
    );
    await mergePullRequest(repository, mergeOf(rig.root, two, { edits: entry('Two') }));
    expect(await rig.read('CHANGELOG.md')).toBe('# Changelog\n\n## Unreleased\n\n- Two\n- One\n- First\n');
    expect(await rig.status()).toBe('');
  });

  it('refuses a branch that was pushed to since it was approved', async () => {
    await rig.pushElsewhere(pullRequest.branch, { 'evil.js': 'x' }, pullRequest.branch);
    await expect(merge()).rejects.toSatisfy(failsWith('APPROVAL_INVALID', pullRequest.head));
    expect(await rig.head('main')).toBe(base);
  });

  it('says so where base or branch are gone', async () => {
    await rig.git('branch', '-D', pullRequest.branch);
    await expect(merge()).rejects.toSatisfy(failsWith('APPROVAL_INVALID', 'nothing'));
    await expect(merge({ pullRequest: { ...pullRequest, baseBranch: 'gone' } })).rejects.toSatisfy(failsWith('REPO_NO_BRANCH', 'gone'));
  });

  it('moves only the branch where it is checked out nowhere', async () => {
    await rig.git('checkout', '-q', '-b', 'feature');
    const before = await rig.read('src/cart.js');
    expect(await merge()).toMatchObject({ treeUpdated: false });
    expect(await rig.read('src/cart.js')).toBe(before);
    expect(await rig.status()).toBe('');
    expect(await rig.git('show', 'main:src/cart.js')).toContain('items?.[0]');
  });

  it('updates the linked working tree that has the branch', async () => {
    await rig.git('checkout', '-q', '-b', 'feature');
    await rig.git('worktree', 'add', '-q', rig.beside('linked'), 'main');
    expect(await merge()).toMatchObject({ treeUpdated: true });
    expect((await execa('git', ['status', '--porcelain'], { cwd: rig.beside('linked') })).stdout).toBe('');
    await access(`${rig.beside('linked')}/test/cart.test.js`);
    expect(await rig.status()).toBe('');
  });

  it('loses none of eight fixes that land at once', { timeout: 60_000 }, async () => {
    const fixes = Array.from({ length: 8 }, (_, at) => ({
      name: `n${at}`,
      edits: [{ file: `src/n${at}.js`, search: '', replace: `${at}\n` }],
      base,
    }));
    await Promise.all(fixes.map((fix) => landFix(rig.root, fix)));
    expect(await rig.git('rev-list', '--count', '--merges', 'main')).toBe('8');
    const files = await rig.git('ls-tree', '-r', '--name-only', 'main');
    for (const { name } of fixes) expect(files).toContain(`src/${name}.js`);
    expect(await rig.status()).toBe('');
  });
});
