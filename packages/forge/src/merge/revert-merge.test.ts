import { isSelfhealError } from '@selfheal/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRepository } from '../git/repository.ts';
import { landFix, leaveLock } from '../testing/landing.ts';
import { CART, RepositoryRig } from '../testing/repository-rig.ts';
import { revertMerge } from './revert-merge.ts';

const GUARD = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };

describe('revertMerge', () => {
  let rig: RepositoryRig;
  let mergeCommit: string;
  beforeEach(async () => {
    rig = await RepositoryRig.create();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    mergeCommit = await landFix(rig.root, {
      name: 'cart',
      edits: [GUARD, { file: 'test/a.js', search: '', replace: 'x\n' }],
      base: await rig.head(),
    });
  });

  const revert = async (commit = mergeCommit) =>
    revertMerge(await openRepository(rig.root), {
      branch: 'main',
      mergeCommit: commit,
      key: 'dep-1/revert',
      why: 'It did not help.',
      dataDir: rig.dataDir,
      noCheckout: false,
    });

  it('undoes what the merge brought and keeps what came after', async () => {
    await rig.write('src/cart.js', (await rig.read('src/cart.js')).replace('sum + item.price', 'sum + item.price * item.count'));
    const later = await rig.commitAll('Count');
    const { revertCommit, treeUpdated } = await revert();
    expect(treeUpdated).toBe(true);
    expect(await rig.head('main')).toBe(revertCommit);
    expect(await rig.head('main^')).toBe(later);
    expect(await rig.read('src/cart.js')).toBe(CART.replace('sum + item.price', 'sum + item.price * item.count'));
    expect(await rig.status()).toBe('');
    expect(await rig.git('log', '-1', '--format=%B')).toBe(
      `Revert "Merge selfheal/error-cart"\n\nThis reverts commit ${mergeCommit}.\n\nIt did not help.\n\nSelfheal-Key: dep-1/revert\n`,
    );
  });

  it('gives the same revert again, and takes one that a person made', async () => {
    const { revertCommit } = await revert();
    expect((await revert()).revertCommit).toBe(revertCommit);
    await rig.git('reset', '-q', '--hard', mergeCommit);
    await rig.git('revert', '-m', '1', '--no-edit', mergeCommit);
    const byHand = await rig.head();
    expect((await revert()).revertCommit).toBe(byHand);
    expect(await rig.head('main')).toBe(byHand);
  });

  it('brings the files of a revert whose process died before it wrote them', async () => {
    const { revertCommit } = await revert();
    await rig.git('reset', '-q', '--hard', mergeCommit);
    await leaveLock(rig.root, { from: mergeCommit, to: revertCommit });
    await rig.git('update-ref', 'refs/heads/main', revertCommit);
    expect((await revert()).revertCommit).toBe(revertCommit);
    expect(await rig.status()).toBe('');
    expect(await rig.read('src/cart.js')).toBe(CART);
  });

  it('names the files where later work stands on what would be undone', async () => {
    await rig.write('src/cart.js', (await rig.read('src/cart.js')).replace('items?.[0]', 'items?.[0] ?? null'));
    const later = await rig.commitAll('Build on it');
    await expect(revert()).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'PATCH_CONFLICT' && error.message.includes('src/cart.js'),
    );
    expect(await rig.head('main')).toBe(later);
  });

  it('takes an entry out of a list in which others stand around it', async () => {
    await rig.write('docs/CHANGELOG.md', '# Changelog\n\n- First\n');
    const base = await rig.commitAll('Changelog');
    const entry = { file: 'docs/CHANGELOG.md', search: '# Changelog\n', replace: '# Changelog\n\n- Two' };
    const second = await landFix(rig.root, { name: 'second', edits: [entry], base });
    await rig.write('docs/CHANGELOG.md', '# Changelog\n\n- Three\n- Two\n- Four\n- First\n');
    await rig.commitAll('More entries');
    await revert(second);
    expect(await rig.read('docs/CHANGELOG.md')).toBe('# Changelog\n\n- Three\n- Four\n- First\n');
    expect(await rig.status()).toBe('');
  });

  it('names a document that was rewritten since', async () => {
    await rig.write('NEWS', 'a\n');
    const base = await rig.commitAll('News');
    const second = await landFix(rig.root, { name: 'second', edits: [{ file: 'NEWS', search: 'a', replace: 'a\nb' }], base });
    await rig.write('NEWS', 'a\nrewritten\n');
    await rig.commitAll('Rewrite it');
    await expect(revert(second)).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'PATCH_CONFLICT' && error.message.includes('NEWS'),
    );
  });

  it('refuses a merge that the branch does not hold', async () => {
    await rig.git('reset', '-q', '--hard', `${mergeCommit}^1`);
    await expect(revert()).rejects.toSatisfy((error) => isSelfhealError(error) && error.code === 'INPUT_INVALID');
  });
});
