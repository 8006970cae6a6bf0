import { mkdir, open, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSelfhealError } from '@selfheal/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRepository } from '../git/repository.ts';
import { leaveLock, proposeFix } from '../testing/landing.ts';
import { RepositoryRig } from '../testing/repository-rig.ts';
import type { LockIntent } from './index-lock.ts';
import { moveBranch } from './move-branch.ts';

const GUARD = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };
const NEW = { file: 'new/deep/a.js', search: '', replace: 'fresh content\n' };

describe('moveBranch', () => {
  let rig: RepositoryRig;
  let from: string;
  let to: string;
  beforeEach(async () => {
    rig = await RepositoryRig.create();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    from = await rig.head();
    to = (await proposeFix(rig.root, { name: 'cart', edits: [GUARD, NEW], base: from })).head;
  });

  const move = async (noCheckout = false) =>
    moveBranch(await openRepository(rig.root), { branch: 'main', from, to, why: 'test', dataDir: rig.dataDir, noCheckout });
  const isDirty = (said: string) => (error: unknown) =>
    isSelfhealError(error) && error.code === 'REPO_DIRTY' && error.message.includes(said);
  const expectUntouched = async (status: string) => {
    expect(await rig.head('main')).toBe(from);
    expect(await rig.status()).toBe(status);
    await expect(readFile(join(rig.root, '.git/index.lock'))).rejects.toThrow('ENOENT');
  };

  it('moves branch and tree and leaves other untracked files alone', async () => {
    await rig.write('notes.txt', 'mine');
    await rig.write('ignored/cache', 'mine');
    await rig.write('.selfheal/state', 'ours');
    expect(await move()).toEqual({ treeUpdated: true });
    expect(await rig.head('main')).toBe(to);
    expect(await rig.status()).toBe('?? .selfheal/\n?? notes.txt');
    expect(await rig.git('stash', 'list')).toBe('');
  });

  it.each([
    ['changed', (r: RepositoryRig) => r.write('src/größe 1.js', 'mine\n'), ' M "src/gr\\303\\266\\303\\237e 1.js"'],
    ['staged', (r: RepositoryRig) => r.write('staged.js', 'mine\n').then(() => r.git('add', 'staged.js')), 'A  staged.js'],
    ['deleted', (r: RepositoryRig) => rm(join(r.root, 'bin/run.sh')), ' D bin/run.sh'],
  ])('moves nothing where a tracked file is %s', async (_how, spoil, status) => {
    await spoil(rig);
    await expect(move()).rejects.toSatisfy(isDirty('changed files: '));
    await expectUntouched(status);
  });

  it.each([
    ['an untracked file', async (r: RepositoryRig) => r.write(NEW.file, 'mine'), '?? new/'],
    ['a file in place of a folder', async (r: RepositoryRig) => r.write('new', 'mine'), '?? new'],
    ['a link in place of a folder', async (r: RepositoryRig) => symlink('/tmp', join(r.root, 'new')), '?? new'],
    ['an ignored file', async (r: RepositoryRig) => r.write('.git/info/exclude', 'new/\n').then(() => r.write(NEW.file, 'mine')), ''],
  ])('moves nothing where %s stands in the way', async (_what, place, status) => {
    await place(rig);
    await expect(move()).rejects.toSatisfy(isDirty('in the way: new/deep/a.js'));
    await expectUntouched(status);
  });

  it('moves nothing while a merge or a rebase of the branch is under way', async () => {
    await rig.write('.git/MERGE_HEAD', `${to}\n`);
    await expect(move()).rejects.toSatisfy(isDirty('a merge is under way'));
    await rm(join(rig.root, '.git/MERGE_HEAD'));
    await rig.git('checkout', '-q', '--detach');
    await rig.write('.git/rebase-merge/head-name', 'refs/heads/main\n');
    await expect(move()).rejects.toSatisfy(isDirty('a rebase of main is under way'));
    await expectUntouched('');
  });

  it('obeys policy.noCheckout where the branch is checked out', async () => {
    await expect(move(true)).rejects.toSatisfy(isDirty('policy.noCheckout'));
    await expectUntouched('');
    await rig.git('checkout', '-q', '--detach');
    expect(await move(true)).toEqual({ treeUpdated: false });
  });

  it('fails where the branch is elsewhere by now', async () => {
    await rig.write('other.js', 'x');
    const other = await rig.commitAll('Other');
    await expect(move()).rejects.toSatisfy((error) => isSelfhealError(error) && error.code === 'GIT_HEAD_MOVED');
    expect(await rig.head('main')).toBe(other);
    expect(await rig.status()).toBe('');
  });

  it('does not take a touched file for a changed one', async () => {
    await rig.write('src/cart.js', await rig.read('src/cart.js'));
    expect(await move()).toEqual({ treeUpdated: true });
  });

  it('honours line-end conversion', async () => {
    await rig.git('config', 'core.autocrlf', 'true');
    await rig.git('rm', '-q', '--cached', '-r', '.');
    await rig.git('reset', '-q', '--hard');
    await move();
    expect(await rig.read('src/cart.js')).toContain('items?.[0];\r\n');
    expect(await rig.status()).toBe('');
  });

  it('waits for a git command of the user that holds the index', async () => {
    const lock = join(rig.root, '.git/index.lock');
    await (await open(lock, 'wx')).close();
    const moving = move();
    await delay(200);
    expect(await rig.head('main')).toBe(from);
    await rm(lock);
    expect(await moving).toEqual({ treeUpdated: true });
  });

  describe('after a process of ours died while it held the lock', () => {
    const leave = (overrides: Partial<LockIntent> = {}) => leaveLock(rig.root, { from, to, ...overrides });
    const moveRef = () => rig.git('update-ref', 'refs/heads/main', to);
    /** What follows any merge that is asked for next: here one from `to` to a third commit. */
    const moveOn = async () => {
      const third = await proposeFix(rig.root, { name: 'third', edits: [{ file: 'third.js', search: '', replace: '3\n' }], base: to });
      return moveBranch(await openRepository(rig.root), {
        branch: 'main',
        from: to,
        to: third.head,
        why: 'test',
        dataDir: rig.dataDir,
        noCheckout: false,
      });
    };
    const expectThird = async () => {
      expect(await rig.status()).toBe('');
      expect(await rig.read('src/cart.js')).toContain('items?.[0]');
      expect(await rig.read(NEW.file)).toBe(NEW.replace);
      expect(await rig.read('third.js')).toBe('3\n');
    };

    it('goes on where nothing was moved', async () => {
      await leave();
      expect(await move()).toEqual({ treeUpdated: true });
      expect(await rig.status()).toBe('');
    });

    it('brings the files to the branch where none was written', async () => {
      await moveRef();
      await leave();
      await moveOn();
      await expectThird();
    });

    it('completes files that were written in part', async () => {
      await moveRef();
      await rig.write('src/cart.js', (await rig.git('show', `${to}:src/cart.js`)).slice(0, 40));
      await rig.write(NEW.file, 'fresh');
      await leave();
      await moveOn();
      await expectThird();
    });

    it('completes files that were all written', async () => {
      await moveRef();
      await rig.write('src/cart.js', `${await rig.git('show', `${to}:src/cart.js`)}\n`);
      await rig.write(NEW.file, NEW.replace);
      await leave();
      await moveOn();
      await expectThird();
    });

    it('only removes the lock where all was done', async () => {
      await rig.git('merge', '-q', '--ff-only', to);
      await leave();
      await moveOn();
      await expectThird();
    });

    it('keeps what a user wrote since, and takes the branch back', async () => {
      await moveRef();
      await rig.write('src/cart.js', 'mine\n');
      await leave();
      await expect(move()).rejects.toSatisfy(isDirty('changed files: src/cart.js'));
      expect(await rig.read('src/cart.js')).toBe('mine\n');
      await expectUntouched(' M src/cart.js');
    });

    it('knows a reused pid and an old lock', async () => {
      await leave({ pid: process.pid });
      expect(await move()).toEqual({ treeUpdated: true });
      await leave({ pid: process.ppid, takenAt: Date.now() - 3_600_000 });
      await moveOn();
      await expectThird();
    });
  });

  it('leaves none of its own files in the git folder', async () => {
    await mkdir(rig.dataDir, { recursive: true });
    await move();
    expect((await rig.git('ls-files', '--others', '--', '.git')).includes('selfheal')).toBe(false);
    const { readdir } = await import('node:fs/promises');
    expect((await readdir(join(rig.root, '.git'))).filter((name) => name.startsWith('selfheal'))).toEqual([]);
  });
});
