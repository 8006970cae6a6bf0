import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isSelfhealError } from '@selfheal/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createBranch } from '../branch/create-branch.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { RepositoryRig } from '../testing/repository-rig.ts';
import { commitPatch } from './commit-patch.ts';

const GUARD = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };

describe('commitPatch', () => {
  let rig: RepositoryRig;
  let repository: Repository;
  let base: string;
  beforeEach(async () => {
    rig = await RepositoryRig.create();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    repository = await openRepository(rig.root);
    base = await rig.head();
  });

  const patch = async (edits: (typeof GUARD)[], key = 'k1', branch = 'selfheal/error-cart-1') => {
    await createBranch(repository, { name: branch, base });
    return commitPatch(repository, {
      branch,
      base,
      edits,
      subject: 'Guard an empty cart',
      body: 'Because.',
      trailers: { 'Selfheal-Incident': 'inc-1' },
      key,
    });
  };

  it('commits on the branch alone, keeps modes, and takes any path', async () => {
    const { commit, tree } = await patch([
      GUARD,
      { file: 'bin/run.sh', search: 'exit 0', replace: 'exit 1' },
      { file: 'src/größe 1.js', search: '= 1', replace: '= 2' },
      { file: 'test/neuer test.js', search: '', replace: 'new\n' },
    ]);
    expect(await rig.head('selfheal/error-cart-1')).toBe(commit);
    expect(await rig.head(`${commit}^`)).toBe(base);
    expect(await rig.head(`${commit}^{tree}`)).toBe(tree);
    expect(await rig.git('diff', '--name-only', '-z', base, commit)).toBe('bin/run.sh\0src/cart.js\0src/größe 1.js\0test/neuer test.js\0');
    expect(await rig.git('ls-tree', commit, 'bin/run.sh')).toMatch(/^100755 /);
    expect(await rig.git('log', '-1', '--format=%an <%ae>%n%(trailers)', commit)).toBe(
      'Team <team@example.org>\nSelfheal-Incident: inc-1\nSelfheal-Key: k1\n',
    );
    expect(await rig.status()).toBe('');
    expect(await rig.head()).toBe(base);
  });

  it('gives the same commit for the same key, also when asked at once', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => patch([GUARD])));
    expect(others.every(({ commit }) => commit === first?.commit)).toBe(true);
    expect(await rig.git('rev-list', '--count', `${base}..selfheal/error-cart-1`)).toBe('1');
  });

  it('refuses a branch that holds commits of others', async () => {
    await createBranch(repository, { name: 'selfheal/x', base });
    await rig.pushElsewhere('selfheal/x', { 'other.js': 'x' }, 'selfheal/x');
    await expect(patch([GUARD], 'k', 'selfheal/x')).rejects.toSatisfy((error) => isSelfhealError(error) && error.code === 'GIT_HEAD_MOVED');
  });

  it('refuses edits that do not fit, and leaves the branch as it was', async () => {
    await expect(patch([{ ...GUARD, search: 'cart.items' }])).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'PATCH_CONFLICT' && error.message.includes('src/cart.js'),
    );
    expect(await rig.head('selfheal/error-cart-1')).toBe(base);
  });

  it('does not write through a symbolic link', async () => {
    await symlink('../../outside.js', join(rig.root, 'link.js'));
    base = await rig.commitAll('Link');
    await expect(patch([{ file: 'link.js', search: 'outside', replace: 'x' }])).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'PATCH_FORBIDDEN',
    );
  });

  it('needs no name of the user, signs nothing and runs no hook', async () => {
    await rig.git('config', 'commit.gpgSign', 'true');
    await rig.git('config', 'gpg.program', '/bin/false');
    await rig.git('config', 'user.name', '');
    await rig.git('config', 'user.email', '');
    await rig.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    await rig.git('config', 'color.ui', 'always');
    await rig.git('config', 'log.showSignature', 'true');
    await rig.git('config', 'core.hooksPath', rig.beside('hooks'));
    for (const hook of ['reference-transaction', 'pre-commit', 'commit-msg', 'post-index-change'])
      await rig.write(`../hooks/${hook}`, `#!/bin/sh\ntouch '${rig.beside('hook-ran')}'\nexit 1\n`, 0o755);
    const made = await patch([GUARD]);
    expect(await patch([GUARD])).toEqual(made);
    expect(await rig.git('log', '-1', '--no-show-signature', '--no-color', '--format=%an <%ae>', made.commit)).toBe(
      'selfheal <selfheal@localhost>',
    );
  });

  it('works from a folder below the top of the repository', async () => {
    repository = await openRepository(join(rig.root, 'src'));
    const { commit } = await patch([{ ...GUARD, file: 'cart.js' }]);
    expect(await rig.git('diff', '--name-only', base, commit)).toBe('src/cart.js');
  });
});
