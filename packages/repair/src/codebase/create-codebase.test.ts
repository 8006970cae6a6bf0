import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Checkout,
  type FileCoverage,
  type RecordOf,
  type Sandbox,
  SelfhealError,
  selfhealConfig,
  type TestReport,
  type TestRunner,
} from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodebaseOptions, type CoverageRecords, createCodebase, type RunHeavy } from './create-codebase.ts';
import { indexCodebase } from './index-codebase.ts';
import { temporaryRepo } from './repo-for-tests.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'selfheal-data-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const RUNNER: TestRunner = { name: 'node:test', command: 'node --test', testFiles: ['a.test.js'] };

/** A sandbox that reports given coverage and counts its runs: the real one is tested in its own package. */
function sandboxWith(coverage: FileCoverage[] | undefined, fails?: SelfhealError): Sandbox & { runs: number } {
  const checkout: Checkout = {
    path: '/nowhere',
    commit: 'c',
    apply: async () => undefined,
    reset: async () => undefined,
    read: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const run = { exitCode: 0, stdout: '', stderr: '', timedOut: false, durationMs: 1 };
  const sandbox = {
    runs: 0,
    checkout: async () => checkout,
    detectRunner: async () => RUNNER,
    run: async () => run,
    runTests: async (): Promise<TestReport> => {
      sandbox.runs += 1;
      if (fails !== undefined) throw fails;
      return { results: [], forged: false, plantedFailureSeen: true, run, ...(coverage === undefined ? {} : { coverage }) };
    },
  };
  return sandbox;
}

function coverageRecords(): CoverageRecords {
  const stored = new Map<string, RecordOf<'coverage'>>();
  return {
    get: async (_kind, id) => stored.get(id),
    insert: async (_kind, record) => {
      stored.set(record.id, record);
      return { record, inserted: true };
    },
  };
}

function options(root: string, more: Partial<CodebaseOptions> = {}): CodebaseOptions {
  return {
    root,
    dataDir,
    config: selfhealConfig.parse({}),
    sandbox: sandboxWith(undefined),
    records: coverageRecords(),
    projectId: 'p',
    ...more,
  };
}

const FILES = { 'package.json': '{"name":"shop"}', 'a.js': 'exports.add = (a, b) => a + b;\n', 'a.test.js': "require('./a.js');\n" };

describe('info', () => {
  test('tells facts of the head of the default branch with history, tags and who changed what', async () => {
    await using repo = await temporaryRepo(FILES);
    const first = await repo.git('rev-parse', 'HEAD');
    await repo.git('tag', 'v1.0.0');
    const second = await repo.commit('Subtract', { 'b.js': 'exports.subtract = (a, b) => a - b;\n' });
    const info = await createCodebase(options(repo.root)).info();
    expect(info).toMatchObject({ commit: second, branch: 'main', packageName: 'shop', moduleSystem: 'commonjs', runner: RUNNER });
    expect(info.history).toMatchObject([
      { sha: second, subject: 'Subtract', author: 'Ada', files: ['b.js'], tags: [] },
      { sha: first, subject: 'Start', tags: ['v1.0.0'] },
    ]);
    expect(info.functions.map((one) => [one.name, one.changedIn])).toEqual([
      ['add', first],
      ['subtract', second],
    ]);
    expect(info.operations.find((one) => one.operation === 'subtract')).toMatchObject({
      changedIn: second,
      changedAt: Date.UTC(2026, 0, 1, 0, 1),
    });
  });

  test('is computed once for a commit, over processes too, and anew for the next', async () => {
    await using repo = await temporaryRepo(FILES);
    let computed = 0;
    const run: RunHeavy = async (_name, args) => {
      computed += 1;
      return indexCodebase(...args);
    };
    const one = createCodebase(options(repo.root, { run }));
    const [first, again] = await Promise.all([one.info(), one.info()]);
    expect(again).toBe(first);
    expect(await createCodebase(options(repo.root, { run })).info()).toEqual(first);
    expect(computed).toBe(1);
    await repo.commit('More', { 'b.js': 'exports.b = 1;\n' });
    expect((await one.info()).files).toHaveLength(3);
    expect(computed).toBe(2);
    expect(await one.info(first.commit)).toBe(first);
  });

  test('is computed again where the cache is torn', async () => {
    await using repo = await temporaryRepo(FILES);
    const info = await createCodebase(options(repo.root)).info();
    const folder = join(dataDir, 'cache', 'codebase');
    const cached = (await readdir(folder)).find((name) => name.startsWith(info.commit.slice(0, 12))) ?? '';
    await writeFile(join(folder, cached), '{"commit":');
    expect(await createCodebase(options(repo.root)).info()).toEqual(info);
  });
});

describe('a repository that cannot be read', () => {
  test.each([
    ['REPO_MISSING', async () => join(dataDir, 'nothing-here')],
    ['REPO_MISSING', async () => mkdtemp(join(dataDir, 'no-repo-'))],
  ])('fails with %s where there is none', async (code, make) => {
    await expect(createCodebase(options(await make())).info()).rejects.toMatchObject({ code });
  });

  test('fails with REPO_NO_COMMIT before the first commit, and works after it', async () => {
    await using repo = await temporaryRepo();
    const codebase = createCodebase(options(repo.root));
    await expect(codebase.info()).rejects.toMatchObject({ code: 'REPO_NO_COMMIT' });
    await repo.commit('Start', FILES);
    expect((await codebase.info()).packageName).toBe('shop');
  });

  test('fails with REPO_NO_PACKAGE without a package.json', async () => {
    await using repo = await temporaryRepo({ 'a.js': 'a;\n' });
    await expect(createCodebase(options(repo.root)).snapshot()).rejects.toMatchObject({ code: 'REPO_NO_PACKAGE' });
  });

  test('fails with GIT_FAILED for a commit that git does not know', async () => {
    await using repo = await temporaryRepo(FILES);
    await expect(createCodebase(options(repo.root)).snapshot('0123456789012345678901234567890123456789')).rejects.toMatchObject({
      code: 'GIT_FAILED',
    });
  });
});

describe('coverage', () => {
  const file = (path: string): FileCoverage => ({ path, lines: { 1: 1 }, functions: [], branches: { covered: 0, total: 0 } });

  test('of production files is measured once and kept', async () => {
    await using repo = await temporaryRepo(FILES);
    const sandbox = sandboxWith([file('a.js'), file('a.test.js'), file('node_modules/x.js')]);
    const records = coverageRecords();
    const coverage = await createCodebase(options(repo.root, { sandbox, records })).coverage();
    expect(coverage?.files.map((one) => one.path)).toEqual(['a.js']);
    expect(await createCodebase(options(repo.root, { sandbox, records })).coverage()).toEqual(coverage);
    expect(sandbox.runs).toBe(1);
  });

  test('is unknown where the tests cannot run, and asked for again where they may later', async () => {
    await using repo = await temporaryRepo(FILES);
    const broken = sandboxWith(undefined, new SelfhealError('REPO_INSTALL_FAILED', 'no network'));
    expect(await createCodebase(options(repo.root, { sandbox: broken })).coverage()).toBeUndefined();
    const passing = sandboxWith(undefined, new SelfhealError('SANDBOX_FAILED', 'busy'));
    const codebase = createCodebase(options(repo.root, { sandbox: passing }));
    await expect(codebase.coverage()).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
    await expect(codebase.coverage()).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
    expect(passing.runs).toBe(2);
  });
});
