import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Deployment, type Forge, isSelfhealError, selfhealConfig } from '@selfheal/contracts';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLocalForge } from './local-forge.ts';
import { MemoryRecords } from './testing/memory-records.ts';
import { plainSandbox } from './testing/plain-sandbox.ts';
import { RepositoryRig } from './testing/repository-rig.ts';

const EDIT = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };
const signal = new AbortController().signal;

describe('createLocalForge', () => {
  let rig: RepositoryRig;
  let records: MemoryRecords;
  let forge: Forge;
  beforeEach(async () => {
    rig = await RepositoryRig.create();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    records = new MemoryRecords();
    forge = forgeAt(rig.root);
  });

  const forgeAt = (root: string) =>
    createLocalForge({
      root,
      dataDir: rig.dataDir,
      projectId: 'shop',
      records,
      sandbox: plainSandbox(root),
      config: selfhealConfig.parse({}),
      env: { PATH: process.env.PATH ?? '', SECRET: 'x', SELFHEAL_DEPLOY_TOKEN: 'plain words' },
      redaction:
        ({ SELFHEAL_DEPLOY_TOKEN: token = 'none' }) =>
        (line) =>
          line.replaceAll(token, '<token>').replaceAll(/tok_\w+/g, '<redacted>'),
    });

  const openedFor = async (name: string) => {
    const branch = `selfheal/error-${name}`;
    const { head: base } = await forge.state();
    await records.put('deployment', deployment(name, branch));
    await forge.createBranch({ name: branch, base });
    const { commit } = await forge.commit({ branch, base, edits: [EDIT], subject: 'Guard', body: '', trailers: {}, key: `${name}/commit` });
    return forge.openPullRequest({ branch, baseBranch: 'main', head: commit, title: `Guard ${name}`, body: 'Why and how.', key: name });
  };
  const page = (number: number) => readFile(join(rig.dataDir, 'pull-requests', `${number}.md`), 'utf8');

  describe('state', () => {
    it('tells branch, head and what is not committed, but for our own folder', async () => {
      await rig.write('src/cart.js', 'mine\n');
      await rig.write('notes/a.txt', 'mine\n');
      await rig.write('.selfheal/x', 'ours\n');
      expect(await forge.state()).toEqual({ branch: 'main', head: await rig.head(), checkedOut: true, dirty: ['src/cart.js', 'notes/'] });
    });

    it('prefers what origin calls its head, then main, master and the current branch', async () => {
      await rig.git('checkout', '-q', '-b', 'trunk');
      expect(await forge.state()).toMatchObject({ branch: 'main', checkedOut: false, dirty: [] });
      await rig.git('remote', 'add', 'origin', '.');
      await rig.git('update-ref', 'refs/remotes/origin/trunk', 'HEAD');
      await rig.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
      expect(await forge.state()).toMatchObject({ branch: 'trunk', checkedOut: true });
      await rig.git('symbolic-ref', '-d', 'refs/remotes/origin/HEAD');
      await rig.git('branch', '-m', 'main', 'master');
      expect(await forge.state()).toMatchObject({ branch: 'master' });
      await rig.git('branch', '-D', 'master');
      expect(await forge.state()).toMatchObject({ branch: 'trunk' });
    });

    it('says what is missing', async () => {
      const code = (error: unknown) => (isSelfhealError(error) ? error.code : error);
      await expect(forgeAt(rig.beside('nowhere')).state().catch(code)).resolves.toBe('REPO_MISSING');
      await expect(forgeAt('/').state().catch(code)).resolves.toBe('REPO_MISSING');
      await rig.git('checkout', '-q', '--detach');
      await rig.git('branch', '-D', 'main');
      await expect(forge.state().catch(code)).resolves.toBe('REPO_NO_BRANCH');
      await execa('git', ['init', '-q', rig.beside('empty')]);
      await expect(forgeAt(rig.beside('empty')).state().catch(code)).resolves.toBe('REPO_NO_COMMIT');
    });
  });

  it('refuses a branch name that git would misread', async () => {
    for (const name of ['-f', 'a..b', '@{-1}', 'x y'])
      await expect(forge.createBranch({ name, base: 'main' })).rejects.toSatisfy(
        (error) => isSelfhealError(error) && error.code === 'INPUT_INVALID',
      );
  });

  it('makes a branch once, whoever asks', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => forge.createBranch({ name: 'selfheal/x', base: 'main' })));
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(made.map(({ head }) => head))).toEqual(new Set([await rig.head()]));
  });

  it('numbers pull requests, keeps one for a branch, and shows it as a page', async () => {
    const [one, two] = [await openedFor('a'), await openedFor('b')];
    expect([one.number, two.number, one.status]).toEqual([1, 2, 'open']);
    expect(await forge.openPullRequest({ ...two, title: 'New\u001b title', key: 'b' })).toEqual({ ...two, title: 'New title' });
    expect(await forge.getPullRequest(two.id)).toMatchObject({ number: 2, title: 'New title' });
    expect(await forge.getPullRequest('pr-9')).toBeUndefined();
    expect(await page(1)).toBe(`# #1 Guard a\n\nopen: \`${one.branch}\` into \`main\` at \`${one.head}\`\n\nWhy and how.\n`);
    await expect(forge.openPullRequest({ ...one, branch: 'selfheal/none', key: 'c' })).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'RECORD_MISSING',
    );
  });

  it('gives each of many pull requests its own number', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => records.put('deployment', deployment(name, `selfheal/${name}`))));
    const opened = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        forge.openPullRequest({ branch: `selfheal/${name}`, baseBranch: 'main', head: 'x', title: name, body: '', key: name }),
      ),
    );
    expect(opened.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
  });

  it('runs the checks on the head of the pull request', async () => {
    const pullRequest = await openedFor('a');
    const lines: string[] = [];
    const passed = await forge.runChecks({
      pullRequest,
      command: 'grep items src/cart.js',
      timeoutMs: 10_000,
      signal,
      onOutput: (line) => lines.push(line),
    });
    expect(passed).toMatchObject({ passed: true, exitCode: 0, head: pullRequest.head, command: 'grep items src/cart.js' });
    expect(passed.output).toContain('cart.items?.[0]');
    expect(lines.at(-1)).toContain('cart.items?.[0]');
    expect(await forge.runChecks({ pullRequest, command: 'echo bad >&2; exit 3', timeoutMs: 10_000, signal })).toMatchObject({
      passed: false,
      exitCode: 3,
      output: 'bad\n',
    });
    const leaky = await forge.runChecks({
      pullRequest,
      command: 'echo with tok_1canary; echo tok_2canary >&2',
      timeoutMs: 10_000,
      signal,
      onOutput: (line) => lines.push(line),
    });
    expect(leaky.output).toBe('with <redacted>\n<redacted>\n');
    expect(lines.at(-1)).toBe('<redacted>');
    const late = await forge.runChecks({ pullRequest, command: 'exec sleep 20', timeoutMs: 200, signal });
    expect(late.passed).toBe(false);
    expect(late.output).toContain('stopped after 200 ms');
  });

  it('merges, reverts, and says both once more when asked again', async () => {
    const pullRequest = await openedFor('a');
    const request = { pullRequest, expectedHead: pullRequest.head, key: 'a/merge', message: 'Merge it' };
    const merged = await forge.merge(request);
    expect(merged).toEqual({ mergeCommit: await rig.head('main'), treeUpdated: true });
    expect((await forge.getPullRequest(pullRequest.id))?.status).toBe('merged');
    expect(await page(1)).toContain('merged: `selfheal/error-a`');
    expect(await forge.merge(request)).toEqual(merged);
    const reverted = await forge.revert({ mergeCommit: merged.mergeCommit, key: 'a/revert', why: 'It did not help' });
    expect(await rig.read('src/cart.js')).toContain('cart.items[0]');
    expect(await forge.revert({ mergeCommit: merged.mergeCommit, key: 'a/revert', why: 'It did not help' })).toEqual(reverted);
    expect(await rig.git('rev-list', '--count', 'main')).toBe('4');
    expect(await forge.releaseContains(merged.mergeCommit.slice(0, 12), merged.mergeCommit)).toBe(true);
  });

  it('keeps the secrets that a deploy is given out of what it printed', async () => {
    const lines: string[] = [];
    const result = await forge.deploy({
      command: 'echo "using $SELFHEAL_DEPLOY_TOKEN, tok_1canary"',
      key: 'k',
      commit: 'abc',
      timeoutMs: 10_000,
      signal,
      onOutput: (line) => lines.push(line),
    });
    const clean = 'using <token>, <redacted>';
    expect([result.output, ...lines]).toEqual([`${clean}\n`, clean]);
    const [log = ''] = await readdir(join(rig.dataDir, 'deploys'));
    expect(await readFile(join(rig.dataDir, 'deploys', log), 'utf8')).toBe(`${clean}\n`);
  });

  it('gives a deploy its key and commit, and none of our secrets', async () => {
    const result = await forge.deploy({
      command: 'echo "$SELFHEAL_DEPLOY_KEY $SELFHEAL_COMMIT [$SECRET]"; node --version',
      key: 'k',
      commit: 'abc',
      timeoutMs: 10_000,
      signal,
    });
    expect(result.output).toBe(`k abc []\n${process.version}\n`);
  });
});

function deployment(name: string, branch: string): Deployment {
  return {
    id: `dep-${name}`,
    projectId: 'shop',
    incidentId: `inc-${name}`,
    patchId: `patch-${name}`,
    patchHash: name,
    validationId: `val-${name}`,
    branch,
    baseBranch: 'main',
    approval: { required: false, decision: 'approved', by: 'policy', why: 'test' },
    status: 'branch',
    treeUntouched: false,
    createdAt: 1,
    updatedAt: 1,
  };
}
