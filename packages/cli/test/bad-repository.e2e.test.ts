import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrdersRepository, type OrdersRepository, ordersLog } from '@selfheal/testkit';
import { describe, expect, it } from 'vitest';
import { heal, selfheal } from './rig.ts';

/** Repositories whose own state stands against a heal: nothing gets worse, and the reason is told. */

const STACK_LINE = /^\s+at .+:\d+:\d+\)?$/m;

const manifest = (change: object) =>
  `${JSON.stringify({ name: 'orders', version: '2.3.0', private: true, main: 'lib/server.js', scripts: { test: 'node --test' }, ...change }, null, 2)}\n`;

const RED_TEST = `'use strict';
const { test } = require('node:test');
const assert = require('node:assert/strict');
const { orderTotal } = require('../lib/price');

test('sums an order', () => {
  assert.equal(orderTotal({ items: [{ price: 3, quantity: 2 }] }), 7);
});
`;

async function faultyLog({ stack }: OrdersRepository): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'selfheal-logs-')), 'app.ndjson');
  await writeFile(path, ordersLog({ stack, healthy: 60, failing: 12 }));
  return path;
}

async function healFaulty(repository: OrdersRepository) {
  const head = await repository.git('rev-parse', 'main');
  const ran = await heal(repository.root, [await faultyLog(repository)]);
  expect(ran.stderr).not.toMatch(STACK_LINE);
  expect(await repository.git('rev-parse', 'main')).toBe(head);
  expect(await repository.git('worktree', 'list')).not.toContain('\n');
  return { ...ran, incident: ran.report?.incidents[0] };
}

describe('a repository that cannot prove a fix', () => {
  it('without tests: the cause is told, and how to get further', async () => {
    const repository = await makeOrdersRepository({ change: { 'package.json': manifest({ scripts: {} }) } });
    await repository.git('rm', '-rq', 'test');
    await repository.git('commit', '-q', '-m', 'Drop the tests');
    const { exitCode, incident, stdout } = await healFaulty(repository);
    expect(exitCode).toBe(4);
    expect(incident).toMatchObject({ status: 'no_fix', diagnosis: { file: 'lib/label.js', line: 12 } });
    expect(incident?.reason).toMatch(/No test command was found.*"test" script.*\[REPO_NO_TESTS\]/);
    expect(stdout).toContain('[REPO_NO_TESTS]');
    expect(await repository.git('branch', '--list')).toBe('* main');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('whose install fails: the command and what it printed are told', async () => {
    const broken = manifest({ dependencies: { gone: 'file:./vendor/gone-1.0.0.tgz' } });
    const repository = await makeOrdersRepository({ change: { 'package.json': broken } });
    const { exitCode, incident } = await healFaulty(repository);
    expect(exitCode).toBe(4);
    expect(incident?.status).toBe('failed');
    for (const words of ['Installing the repository failed', 'npm install', 'gone-1.0.0.tgz', 'by hand', '[REPO_INSTALL_FAILED]'])
      expect(incident?.reason).toContain(words);
    expect(await repository.git('branch', '--list')).toBe('* main');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });
});

describe('a repository that the fix has to wait for', () => {
  it('whose tests fail already: the fix is not blamed, waits, and is merged once they are mended', async () => {
    const repository = await makeOrdersRepository({ change: { 'test/price.test.js': RED_TEST } });
    const { exitCode, incident } = await healFaulty(repository);
    expect(exitCode).toBe(3);
    expect(incident).toMatchObject({ status: 'waiting_review', validation: { passed: true } });
    expect(incident?.reason).toMatch(/The tests fail before any change.*sums an order.*\[REPO_TESTS_FAIL\]/);
    expect(await repository.git('status', '--porcelain')).toBe('');

    const id = incident?.id ?? '';
    const tooEarly = await selfheal(['approve', id, '--repo', repository.root]);
    expect([tooEarly.exitCode, tooEarly.stderr]).toEqual([3, tooEarly.stderr]);
    expect(tooEarly.stdout).toContain('[REPO_TESTS_FAIL]');

    await writeFile(join(repository.root, 'test/price.test.js'), RED_TEST.replace('), 7)', '), 6)'));
    await repository.git('commit', '-qam', 'Mend the test of the price');
    const approved = await selfheal(['approve', id, '--repo', repository.root]);
    expect([approved.exitCode, approved.stderr]).toEqual([0, approved.stderr]);
    expect(await readFile(join(repository.root, 'lib/label.js'), 'utf8')).toContain('if (!order.customer.contact) return null;');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('that is dirty: the files of the user stay, and approve ships the fix once they are committed', async () => {
    const repository = await makeOrdersRepository();
    const price = join(repository.root, 'lib/price.js');
    const mine = `${await readFile(price, 'utf8')}// under work\n`;
    await writeFile(price, mine);
    const { exitCode, incident } = await healFaulty(repository);
    expect([exitCode, await readFile(price, 'utf8')]).toEqual([3, mine]);
    expect(incident?.reason).toMatch(/work that is not committed.*lib\/price\.js.*approve again/);

    await repository.git('commit', '-qam', 'Work on the price');
    const approved = await selfheal(['approve', incident?.id ?? '', '--repo', repository.root]);
    expect([approved.exitCode, approved.stderr]).toEqual([0, approved.stderr]);
    expect(await readFile(price, 'utf8')).toBe(mine);
    expect(await repository.git('log', '-1', '--format=%s')).toMatch(/^Merge #1/);
  });
});
