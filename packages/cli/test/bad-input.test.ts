import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSelfhealError } from '@selfheal/contracts';
import { makeOrdersRepository } from '@selfheal/testkit';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { run } from './in-process.ts';

/** What is wrong before any engine starts: refused with a message that names what, where and what to do. */

async function folder(files: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-bad-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

async function repository(files: Record<string, string>, options: { commit: boolean }): Promise<string> {
  const root = await folder(files);
  await execa('git', ['init', '-q', '-b', 'main'], { cwd: root });
  if (options.commit) {
    await execa('git', ['add', '-A'], { cwd: root });
    await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'a'], { cwd: root });
  }
  return root;
}

async function refused(args: readonly string[], code: string, ...words: (string | RegExp)[]): Promise<void> {
  const { error, stdout } = await run(args);
  expect(isSelfhealError(error) ? error.code : error).toBe(code);
  const message = error instanceof Error ? error.message : '';
  for (const word of words) expect(message).toMatch(word);
  expect(message).not.toMatch(/\n\s+at .*:\d+/);
  expect(stdout).toBe('');
}

describe('a repository that cannot be healed', () => {
  const commands = [['heal', '--logs', 'x.log'], ['up', '--logs', 'x.log'], ['incidents']];

  it.each(commands)('%s of a folder that does not exist', async (...args) => {
    await refused([...args, '--repo', '/nowhere/at/all'], 'REPO_MISSING', '/nowhere/at/all', '--repo');
  });

  it('of a folder that is no git repository', async () => {
    const root = await folder({ 'package.json': '{}' });
    await refused(['heal', '--logs', 'x.log', '--repo', root], 'REPO_MISSING', root, /not a git repository/);
    expect(await readdir(root)).toEqual(['package.json']);
  });

  it('without a commit', async () => {
    const root = await repository({ 'package.json': '{}' }, { commit: false });
    await refused(['heal', '--logs', 'x.log', '--repo', root], 'REPO_NO_COMMIT', root, /Commit/);
  });

  it('without package.json', async () => {
    const root = await repository({ 'main.py': 'print(1)\n' }, { commit: true });
    await refused(['heal', '--logs', 'x.log', '--repo', root], 'REPO_NO_PACKAGE', root, /package\.json/);
  });

  it('with a package.json that is not JSON', async () => {
    const root = await repository({ 'package.json': '{ "name": ' }, { commit: true });
    await refused(['heal', '--logs', 'x.log', '--repo', root], 'REPO_NO_PACKAGE', /not valid JSON/, join(root, 'package.json'));
  });
});

describe('a configuration that is not valid', () => {
  it.each([
    ['a wrong key', '{ "polcy": {} }', 'CONFIG_INVALID', /polcy/],
    ['a wrong nested key', '{ "policy": { "aprove": "auto" } }', 'CONFIG_INVALID', /aprove/],
    ['a wrong type', '{ "budgets": { "checkout": "fast" } }', 'CONFIG_INVALID', /budgets\.checkout/],
    ['broken JSON', '{ "logs": [', 'CONFIG_UNREADABLE', /selfheal\.config|JSON/],
    ['a plugin that is not there', '{ "plugins": ["./no-plugin.ts"] }', 'PLUGIN_INVALID', /no-plugin\.ts/],
  ])('%s', async (_name, text, code, words) => {
    const { root, git } = await makeOrdersRepository({ change: { 'selfheal.config.json': text } });
    await refused(['heal', '--repo', root, '--logs', 'x.log'], code, words);
    expect(await git('status', '--porcelain')).toBe('');
  });
});

describe('a sequence that is not valid', () => {
  const beat = (handler: string) => ({ event: 'a.b', handler, kind: 'pure', timing: 'immediate' });
  const sequence = (id: string, beats: unknown[]) =>
    JSON.stringify({ $schema: './sequence.schema.json', id, name: id, movements: [{ id: 'one', name: 'One', beats }] }, null, 2);

  it('an unknown handler: validate says where and which name is near, run refuses before an engine starts', async () => {
    const { root } = await makeOrdersRepository();
    const file = join(await folder({ 'a.json': sequence('a', [beat('loadLogFile')]) }), 'a.json');
    const validated = await run(['sequence', 'validate', file]);
    expect(validated.exitCode).toBe(1);
    expect(validated.stdout).toMatch(/a\.json:\d+:\d+.*loadLogFile/);
    expect(validated.stdout).toContain('loadLogFiles');
    const { error, stdout } = await run(['sequence', 'run', file, '--repo', root]);
    expect(error).toMatchObject({ code: 'SEQUENCE_INVALID', message: expect.stringMatching(/a\.json:\d+:\d+/) });
    expect(stdout).toBe('');
  });

  it('broken JSON: file, line and column', async () => {
    const file = join(await folder({ 'b.json': '{\n  "id": "b",\n  "movements": [ {]\n}\n' }), 'b.json');
    const { stdout, exitCode } = await run(['sequence', 'validate', file]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/b\.json:3:\d+/);
  });

  it('a file that is not there', async () => {
    const { stdout, exitCode } = await run(['sequence', 'validate', '/nowhere/c.json']);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('/nowhere/c.json')]);
  });

  it('a circle of sequences names the circle', async () => {
    const call = (id: string) => ({ id: `call-${id}`, sequence: id });
    const root = await folder({ 'ping.json': sequence('ping', [call('pong')]), 'pong.json': sequence('pong', [call('ping')]) });
    const { stdout, exitCode } = await run(['sequence', 'validate', root]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ping.*pong|pong.*ping/);
    expect(stdout).toMatch(/SEQUENCE_CYCLE|circle|cycle/i);
  });

  it('a sequence that calls itself', async () => {
    const { root } = await makeOrdersRepository();
    const file = join(await folder({ 'self.json': sequence('self', [{ id: 'again', sequence: 'self' }]) }), 'self.json');
    const { error } = await run(['sequence', 'run', file, '--repo', root]);
    expect(error).toMatchObject({ code: expect.stringMatching(/^SEQUENCE_/), message: expect.stringMatching(/self/) });
  });

  it('a call of a sequence that nobody has', async () => {
    const { root } = await makeOrdersRepository();
    const file = join(await folder({ 'd.json': sequence('d', [{ id: 'go', sequence: 'telemetry.pars' }]) }), 'd.json');
    const { error } = await run(['sequence', 'run', file, '--repo', root]);
    expect(error).toMatchObject({ code: expect.stringMatching(/^SEQUENCE_/), message: expect.stringMatching(/telemetry\.pars\b/) });
  });
});
