import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallClone } from './testing/small-clone.ts';

describe('from nothing installed', () => {
  it('installs, prepares the machine, and runs the task with its arguments', async () => {
    using clone = smallClone();
    const { code, stdout, stderr } = await clone.run('start', '--once', 'a b');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'prepared for start\nstarted --once a b\n' });
    expect(stderr).toMatch(/^set-up: installing packages .*\nset-up: packages installed in [\d.]+ s\n$/);
  });

  it('gives the task the installed Node and tools on PATH, and its exit code to the caller', async () => {
    using clone = smallClone({ 'scripts/start.ts': 'console.log(process.env.PATH);\nprocess.exitCode = 7;\n' });
    const { code, stdout } = await clone.run('start');
    expect(code).toBe(7);
    expect(stdout).toContain(`${clone.path('node_modules/.bin')}:`);
  });

  it('keeps modules compiled for all that the task starts, but where coverage is measured', async () => {
    using clone = smallClone({ 'scripts/start.ts': 'console.log(process.env.NODE_COMPILE_CACHE);\n' });
    const told = async (...args: string[]) => (await clone.run('start', ...args)).stdout.trim().split('\n').at(-1);
    expect(await told()).toBe(process.env.NODE_COMPILE_CACHE ?? clone.path('.cache/compiled'));
    expect(await told('--coverage')).toBe('undefined');
  });

  it('only sets up for the task `setup`', async () => {
    using clone = smallClone();
    expect(await clone.run('setup')).toMatchObject({ code: 0, stdout: 'prepared for setup\n' });
  });

  it('installs once when two start at the same time', async () => {
    using clone = smallClone();
    const runs = await Promise.all([clone.run('start'), clone.run('start')]);
    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    expect(clone.installs()).toBe(1);
    expect(runs.filter((run) => run.stderr.includes('installing'))).toHaveLength(1);
  });

  it('is not held up by the lock of a process that is gone', async () => {
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    using clone = smallClone({ '.cache/setup.lock': gone });
    expect(await clone.run('start')).toMatchObject({ code: 0 });
  });
});

describe('when something is installed', () => {
  it('installs again only when dependencies changed', async () => {
    using clone = smallClone();
    await clone.run('setup');
    expect(await clone.run('setup')).toMatchObject({ code: 0, stderr: '' });
    clone.changeManifest({ description: 'nothing to install' });
    expect(await clone.run('setup')).toMatchObject({ code: 0, stderr: '' });
    expect(clone.installs()).toBe(1);
    clone.write(
      'packages/one/package.json',
      JSON.stringify({ name: 'one', version: '1.0.0', dependencies: { vitest: 'file:../../vendor/vitest' } }),
    );
    expect(await clone.run('setup')).toMatchObject({ code: 0, stderr: expect.stringContaining('packages installed') });
    expect(clone.installs()).toBe(2);
  });

  it('leaves the lock file of the clone alone', async () => {
    using clone = smallClone({ 'package-lock.json': '{"name":"small-clone","lockfileVersion":3,"requires":true,"packages":{}}' });
    await clone.run('setup');
    expect(clone.read('package-lock.json')).toBe('{"name":"small-clone","lockfileVersion":3,"requires":true,"packages":{}}');
  });
});

describe('what fails', () => {
  it('says in one line that npm cannot reach its registry, and runs nothing', async () => {
    using clone = smallClone({ '.npmrc': 'registry=http://127.0.0.1:1/\n' });
    clone.changeManifest({ dependencies: { 'left-pad': '1.3.0' } });
    const { code, stdout, stderr } = await clone.run('start');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const told = stderr.trim().split('\n').slice(1);
    expect(told).toEqual([
      expect.stringMatching(/^set-up: npm install failed \(.*ECONNREFUSED.*\); check that the npm registry can be reached/),
    ]);
  });

  it('says when npm left Node 24 out', async () => {
    using clone = smallClone();
    clone.changeManifest({ devDependencies: {} });
    expect(await clone.run('start')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm did not install Node 24') });
  });

  it('does not run the task when the machine lacks what it needs', async () => {
    using clone = smallClone({ 'scripts/setup/prepare-machine.ts': 'console.error("set-up: none");\nprocess.exitCode = 1;\n' });
    expect(await clone.run('start')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/set-up: none\n$/) });
  });

  it.each([[[]], [['fly']], [['constructor']]])('explains itself when called with %j', async (args) => {
    using clone = smallClone();
    expect(await clone.run(...args)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'usage: node scripts/bootstrap.mjs <start|test|bench|setup> [args]\n',
    });
  });

  it.each([
    ['18.20.8', /^Node 18.20.8 is too old: install Node 20.19 or newer/],
    ['20.18.3', /^Node 20.18.3 is too old/],
    ['20.19.0', /^undefined$/],
    ['26.0.0', /^undefined$/],
  ])('judges Node %s', (version, verdict) => {
    const file = resolve(import.meta.dirname, 'setup/node-version.mjs');
    const script = `import { nodeVersionProblem } from ${JSON.stringify(file)}; console.log(nodeVersionProblem('${version}'));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim()).toMatch(verdict);
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on to the task and waits for its end', async (signal) => {
    const task = `process.on('${signal}', () => { console.log('ending well'); process.exit(5); });\nsetInterval(() => {}, 1_000);\nconsole.log('up');\n`;
    using clone = smallClone({ 'scripts/start.ts': task });
    const run = clone.start('start');
    await run.printed('up');
    run.kill(signal);
    expect(await run.ended).toMatchObject({ code: 5, stdout: expect.stringContaining('ending well') });
  });

  it('reach the task also when npm got them', async () => {
    const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8'));
    const task =
      "process.on('SIGTERM', () => { console.log('ending well'); process.exit(0); });\nsetInterval(() => {}, 1_000);\nconsole.log('up');\n";
    using clone = smallClone({ 'scripts/start.ts': task });
    clone.changeManifest({ scripts: { start: scripts.start } });
    const run = clone.npm('start');
    await run.printed('up');
    run.kill('SIGTERM');
    // The output ends when the last process that holds it has ended.
    expect((await run.ended).stdout).toContain('ending well');
  });

  it('tells as a shell does that a signal ended the task', async () => {
    using clone = smallClone({ 'scripts/start.ts': "process.kill(process.pid, 'SIGKILL');\nsetInterval(() => {}, 1_000);\n" });
    expect(await clone.run('start')).toMatchObject({ code: 137 });
  });
});

describe('the task `test`', () => {
  it('runs vitest with all arguments and a JSON report beside the usual one', async () => {
    using clone = smallClone();
    const { stdout } = await clone.run('test', 'scripts', '--coverage');
    const report = clone.path('.cache/test-report.json');
    const expected = [
      'run',
      '--root',
      clone.root,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      'scripts',
      '--coverage',
    ];
    expect(JSON.parse(stdout.split('\n')[1] ?? '')).toEqual(expected);
  });

  it('leaves reporters and their files to the caller who names them', async () => {
    using clone = smallClone();
    const { stdout } = await clone.run('test', '--reporter', 'dot', '--outputFile.json=x');
    expect(JSON.parse(stdout.split('\n')[1] ?? '')).toEqual(['run', '--root', clone.root, '--reporter', 'dot', '--outputFile.json=x']);
  });
});
