import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run } from './in-process.ts';

const LAUNCHER = join(import.meta.dirname, '../bin/selfheal.js');

/** A package's build: fails where the package says so, else writes a file. */
const script = (body: string) => `mkdir -p dist && ${body} && echo made > dist/out.txt`;

describe('build', () => {
  test('builds, tells what failed and what that blocks, and goes on with it when it is mended', async () => {
    const root = await workspace({
      base: { build: script('true') },
      broken: { build: "echo 'src/a.ts(3,7): error TS2322: no number'; echo password=hunter2hunter2; exit 2", needs: ['base'] },
      app: { build: script('true'), needs: ['broken'] },
      alone: { build: script('true') },
    });
    // Not at the root, where it would be an input of every task.
    const json = join(root, 'reports/build.json');
    const first = await run(['build', '--no-durable', '--repo', root, '--json', json, '--junit', join(root, 'reports/junit.xml')]);
    expect([first.error, first.exitCode]).toEqual([undefined, 1]);
    expect(first.stdout).toMatch(
      /✖ broken#build: exit code 2.*– app#build was not run: it needs broken#build.*2 built, 1 failed, 1 blocked/s,
    );
    expect(first.stderr).not.toContain('hunter2');
    const watched = (await run(['build', 'watch', '--repo', root])).stdout.trim().split('\n');
    expect(watched.map((line) => JSON.parse(line)).filter(({ state }) => state === 'failed')).toMatchObject([{ id: 'broken#build' }]);
    const report = JSON.parse(await readFile(json, 'utf8'));
    expect(report).toMatchObject({ successful: 2, failed: 1, alerts: [{ kind: 'failures' }] });
    const broken = report.packageReports.find((one: { packageName: string }) => one.packageName === 'broken');
    expect(broken).toMatchObject({ quality: { errors: 1, warnings: 0 }, waitedFor: [{ packageName: 'base' }] });
    expect(await readFile(join(root, '.selfheal/build', broken.log), 'utf8')).not.toContain('hunter2');
    expect(await readFile(join(root, 'reports/junit.xml'), 'utf8')).toContain('failures="1" skipped="1"');

    await packageAt(root, 'broken', { build: script('true'), needs: ['base'] });
    const second = await run(['build', '--no-durable', '--repo', root, '--retry-failed', '--json', json]);
    expect([second.error, second.exitCode]).toEqual([undefined, 0]);
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      counts: { built: 2, cached: 2 },
      comparedWith: { buildId: report.buildId, recovered: ['broken#build'], newlyFailed: [] },
    });
    expect((await run(['build', '--no-durable', '--repo', root, '--retry-failed'])).error).toMatchObject({
      code: 'BUILD_NOTHING_TO_RETRY',
    });
  });

  test('shows the output of each task when it has ended, or of all as it comes', async () => {
    const root = await workspace({ one: { build: 'echo from one' } });
    expect((await run(['build', '--no-durable', '--repo', root, '--output', 'grouped'])).stderr).toMatch(
      /✔ one#build .*\n {2}│ from one\n/,
    );
    expect((await run(['build', '--no-durable', '--repo', root, '--output', 'interleaved', '--force'])).stderr).toContain(
      'one#build: from one\n',
    );
    expect((await run(['build', '--no-durable', '--repo', root, '--force', '--quiet'])).stderr).toBe('');
  });

  test('confines what writes outside its package, where that is asked for', async () => {
    const root = await workspace({ a: { build: script('echo mine > ../b/planted.txt') }, b: { build: script('true') } });
    const { error, stdout } = await run(['build', '--no-durable', '--confine', '--repo', root]);
    expect([error, stdout]).toEqual([undefined, expect.stringMatching(/a#build: exit code.*it wrote outside its folder: .*planted\.txt/)]);
    expect(await readdir(join(root, 'packages/b'))).toEqual(['dist', 'package.json']);
  });

  test('builds on a full disk: what cannot be kept is told, and fails nothing', async () => {
    const root = await workspace({
      a: { build: 'mkdir -p dist && head -c 200000 /dev/zero > dist/a' },
      b: { build: 'echo b', needs: ['a'] },
    });
    await mkdir(join(root, 'data'));
    const build = `node ${LAUNCHER} build --no-durable --repo ${root} --data ${root}/data`;
    const script = `mount -t tmpfs -o size=16k tmpfs ${root}/data && ${build} && ${build}`;
    const { stdout } = await promisify(execFile)('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script]);
    expect(stdout).toMatch(/! the result of a#build is not in the cache: ENOSPC.*2 built.*2 cached/s);
  });

  test('marks errors at their place for GitHub', async () => {
    const root = await workspace({ one: { build: "echo 'src/a.ts(3,7): error TS2322: no, number'; exit 2" } });
    const { stderr } = await run(['build', '--no-durable', '--repo', root], { ...process.env, GITHUB_ACTIONS: 'true' });
    expect(stderr).toContain('::error title=one#build,file=packages/one/src/a.ts,line=3,col=7::TS2322: no, number\n');
    expect(stderr).toMatch(/::group::one#build\n.*::endgroup::/s);
  });

  test('takes tasks, packages and their order from the configuration', async () => {
    const root = await workspace({
      a: { build: script('test -f ../b/dist/out.txt') },
      b: { build: script('true') },
      c: { build: 'exit 1' },
    });
    const listed = [
      { packageName: 'a', packagePath: 'packages/a', dependencies: ['b', 'react'], category: 'core' },
      { packageName: 'b', packagePath: './packages/b/' },
    ];
    const tasks = { build: { outputs: ['dist/**'] } };
    await writeFile(join(root, 'selfheal.config.json'), JSON.stringify({ build: { packages: listed, tasks } }));
    const { error, stdout } = await run(['build', '--no-durable', '--repo', root]);
    expect([error, stdout]).toEqual([undefined, expect.stringContaining('2 built')]);
  });

  test('carries turbo.json over, and builds by it', async () => {
    const root = await workspace({ a: { build: script('true'), needs: ['b'] }, b: { build: script('true') } });
    await writeFile(join(root, 'turbo.json'), JSON.stringify({ tasks: { build: { outputs: ['dist/**'] }, dev: { persistent: true } } }));
    const { error, stdout } = await run(['build', 'import', '--repo', root]);
    expect([error, stdout]).toEqual([undefined, expect.stringMatching(/1 tasks from turbo.json\n! turbo.json, dev: left out/)]);
    expect(JSON.parse(await readFile(join(root, 'selfheal.config.json'), 'utf8')).build.tasks.build.dependsOn).toEqual([]);
    expect((await run(['build', '--no-durable', '--repo', root])).stdout).toContain('2 built');
    expect((await run(['build', 'import', '--repo', root])).error).toMatchObject({ code: 'INPUT_INVALID' });
    expect((await run(['build', 'import', '--repo', root, '--force', '--dry-run'])).stdout).toContain('"outputs"');
  });

  test('names what is wrong with what it was told', async () => {
    const root = await workspace({ one: { build: 'true' } });
    const fails = async (...args: string[]) => (await run(['build', '--no-durable', '--repo', root, ...args])).error;
    expect(await fails('--concurrency', 'many')).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await fails('--filter', 'two')).toMatchObject({ code: 'BUILD_PACKAGE_UNKNOWN' });
    expect(await fails('bild')).toMatchObject({ code: 'BUILD_TASK_UNKNOWN' });
    expect(await fails('--retry-failed')).toMatchObject({ code: 'BUILD_NOTHING_TO_RETRY' });
    expect((await run(['build', 'status', '--repo', root])).error).toMatchObject({ code: 'BUILD_NOT_RUNNING' });
    expect((await run(['build', 'slots', 'many', '--repo', root])).error).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await readdir(join(root, '.selfheal/build'))).toEqual([]);
  });
});

interface TestPackage {
  readonly build: string;
  readonly needs?: readonly string[];
}

async function workspace(packages: Readonly<Record<string, TestPackage>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-cli-build-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] }));
  for (const [name, one] of Object.entries(packages)) await packageAt(root, name, one);
  return root;
}

async function packageAt(root: string, name: string, { build, needs = [] }: TestPackage): Promise<void> {
  const file = join(root, 'packages', name, 'package.json');
  await mkdir(dirname(file), { recursive: true });
  const dependencies = Object.fromEntries(needs.map((other) => [other, '*']));
  await writeFile(file, JSON.stringify({ name, version: '1.0.0', scripts: { build }, dependencies }));
}
