import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeOrdersRepository, type OrdersRepository, ordersLog } from '@selfheal/testkit';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { heal, type Ran } from './rig.ts';

/** Logs that cannot be used, through `selfheal heal` with its engine. One repository serves all: a refused run leaves nothing in it. */

const STACK_LINE = /^\s+at .+:\d+:\d+\)?$/m;
const BINARY = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 73) % 256));

let repository: OrdersRepository;
let folder: string;
let before: string;
beforeAll(async () => {
  repository = await makeOrdersRepository();
  folder = await mkdtemp(join(tmpdir(), 'selfheal-bad-logs-'));
  before = await stateOf(repository);
});

/** Branches, commits, working tree, and the processes that still work on the data folder. */
async function stateOf({ root, git }: OrdersRepository): Promise<string> {
  const { stdout } = await execa('ps', ['-eo', 'args']);
  const running = stdout.split('\n').filter((line) => line.includes(root));
  return [await git('for-each-ref'), await git('status', '--porcelain'), await git('worktree', 'list'), ...running].join('\n');
}

async function inFolder(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function expectRefused(ran: Ran & { report: unknown }, code: string, ...words: string[]): Promise<void> {
  expect([ran.exitCode, ran.report]).toEqual([1, undefined]);
  const last = ran.stderr.trimEnd().split('\n').at(-1) ?? '';
  for (const word of ['selfheal: ', ...words, `[${code}]`]) expect(last).toContain(word);
  expect(ran.stderr).not.toMatch(STACK_LINE);
  expect(await stateOf(repository)).toBe(before);
}

describe('logs of which nothing can be read', () => {
  it('a path that is not there, also because what should be its folder is a file', async () => {
    const file = await inFolder('plain.log', 'text\n');
    await expectRefused(await heal(repository.root, [join(file, 'app.log')]), 'LOG_MISSING', join(file, 'app.log'), 'Check the path');
  });

  it('a glob that finds nothing, and a folder that holds no log', async () => {
    await inFolder('notes/readme.md', '# Notes\n');
    await expectRefused(await heal(repository.root, [join(folder, 'none-*.log')]), 'LOG_MISSING', 'none-*.log');
    await expectRefused(await heal(repository.root, [join(folder, 'notes')]), 'LOG_MISSING', join(folder, 'notes'));
  });

  it('a named pipe, without waiting for somebody to write', async () => {
    const pipe = join(folder, 'pipe.log');
    await execa('mkfifo', [pipe]);
    await expectRefused(await heal(repository.root, [pipe]), 'LOG_UNREADABLE', pipe, 'no regular file');
  });

  it('a binary file does not pass for a healthy log', async () => {
    const path = await inFolder('core.log', BINARY);
    await expectRefused(await heal(repository.root, [path]), 'LOG_BINARY', path, 'Pass text, JSON lines, or gzip of these');
  });

  it('an empty file is no error; it is said that there is nothing to judge', async () => {
    const { exitCode, stdout, stderr, report } = await heal(repository.root, [await inFolder('empty.log', '')]);
    expect([exitCode, stderr]).toEqual([2, stderr]);
    expect(stdout).toContain('the logs hold no line');
    expect(stdout).not.toContain('is healthy');
    expect(report).toMatchObject({ incidents: [], unread: [] });
    expect(await stateOf(repository)).toBe(before);
  });
});

describe('logs that can be read in part', () => {
  it('a gzip file that ends early: what could be read is judged, the rest is told', async () => {
    const whole = gzipSync(ordersLog({ stack: repository.stack, healthy: 400, failing: 40 }));
    const path = await inFolder('cut/app.log.gz', whole.subarray(0, Math.floor(whole.length * 0.7)));
    const { exitCode, stdout, stderr, report } = await heal(repository.root, [path], ['--stop-after', 'diagnose']);
    expect([exitCode, stderr]).toEqual([0, stderr]);
    expect(report?.incidents[0]?.diagnosis).toMatchObject({ file: 'lib/label.js', line: 12 });
    expect(report?.unread).toEqual([expect.objectContaining({ path, code: 'LOG_TRUNCATED_GZIP' })]);
    expect(stdout).toMatch(/not read.*app\.log\.gz.*Copy the file again.*\[LOG_TRUNCATED_GZIP\]/);
    expect(await stateOf(repository)).toBe(before);
  });

  it('a folder of good and bad files: the good ones heal, the others are named', async () => {
    const other = await makeOrdersRepository();
    const lines = ordersLog({ stack: other.stack, healthy: 60, failing: 12 }).trimEnd().split('\n');
    lines.splice(5, 0, '{"level":30,"time":1777885200000,"msg":"half a li');
    const zipped = gzipSync(ordersLog({ stack: '', healthy: 400, failing: 0 }));
    await inFolder('mixed/app.ndjson', `${lines.join('\n')}\n`);
    await inFolder('mixed/empty.log', '');
    await inFolder('mixed/core.log', BINARY);
    await inFolder('mixed/readme.md', '# Logs\n');
    await inFolder('mixed/old.log.gz', zipped.subarray(0, Math.floor(zipped.length / 2)));

    const { exitCode, report, stdout, stderr } = await heal(other.root, [join(folder, 'mixed')]);

    expect([exitCode, stderr]).toEqual([0, stderr]);
    expect(report?.incidents).toEqual([expect.objectContaining({ status: 'merged' })]);
    expect(report?.unread.map(({ path, code }) => [path.slice(folder.length), code]).toSorted()).toEqual([
      ['/mixed/core.log', 'LOG_BINARY'],
      ['/mixed/old.log.gz', 'LOG_TRUNCATED_GZIP'],
      ['/mixed/readme.md', 'LOG_BINARY'],
    ]);
    for (const name of ['core.log', 'old.log.gz', 'readme.md']) expect(stdout).toMatch(new RegExp(`not read .*mixed/${name} `));
    expect(await readFile(join(other.root, 'lib/label.js'), 'utf8')).toContain('if (!order.customer.contact) return null;');
    expect(await other.git('status', '--porcelain')).toBe('');
  });
});
