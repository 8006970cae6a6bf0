import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { askGit, git, gitBytes, gitLines, tryGit } from './run-git.ts';

describe('git', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-git-')));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    await execa('git', ['init', '-q', '-b', 'main', root]);
    await writeFile(join(root, 'ä.txt'), 'one\ntwo\n');
    await git(root, ['add', '-A']);
    await git(root, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'first']);
  });

  async function linesOf(args: readonly string[]): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of gitLines(root, args)) lines.push(line);
    return lines;
  }

  it('gives what git printed: as text, as bytes, line by line', async () => {
    expect(await git(root, ['ls-files'])).toBe('ä.txt');
    expect(await gitBytes(root, ['show', 'HEAD:ä.txt'])).toEqual(Buffer.from('one\ntwo\n'));
    expect(await linesOf(['show', 'HEAD:ä.txt'])).toEqual(['one', 'two']);
    expect(await git(root, ['hash-object', '--stdin'], { input: 'one\ntwo\n' })).toBe(await git(root, ['rev-parse', 'HEAD:ä.txt']));
  });

  it('takes nothing of the variables around it', async () => {
    vi.stubEnv('GIT_DIR', tmpdir());
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await git(root, ['rev-parse', '--show-toplevel'])).toBe(root);
  });

  it('runs no program that the repository names', async () => {
    const planted = join(root, 'planted');
    await git(root, ['config', 'core.fsmonitor', `touch ${planted}; false`]);
    await git(root, ['status', '--porcelain']);
    expect(await git(root, ['ls-files', '--others'])).toBe('');
  });

  it('fails with what git said, and where the answer may be no, gives that', async () => {
    const failed = { code: 'GIT_FAILED', detail: expect.stringContaining('no-such-command') };
    await expect(git(root, ['no-such-command'])).rejects.toMatchObject(failed);
    await expect(linesOf(['no-such-command'])).rejects.toMatchObject(failed);
    await expect(git(join(root, 'gone'), ['status'])).rejects.toMatchObject({ code: 'GIT_FAILED' });
    expect(await tryGit(root, ['rev-parse', '--verify', '--quiet', 'nothing'])).toBeUndefined();
    expect((await askGit(root, ['diff', '--quiet', 'HEAD'])).exitCode).toBe(0);
  });
});
