import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { type SmallClone, smallClone } from './testing/small-clone.ts';

const CI = resolve(import.meta.dirname, '../.ci');
const SCRIPTS = { preinstall: 'true', test: 'node scripts/bootstrap.mjs test', check: 'true' };

/** A small clone whose vitest writes this report and then does what `more` says. */
function ciClone(report: object | undefined, more = ''): SmallClone {
  const write = `
    import { writeFileSync } from 'node:fs';
    import { spawn } from 'node:child_process';
    const file = process.argv.find((arg) => arg.startsWith('--outputFile.json='))?.slice('--outputFile.json='.length);
    ${report === undefined ? '' : `writeFileSync(file, ${JSON.stringify(JSON.stringify(report))});`}
    ${more}`;
  const clone = smallClone({ 'vendor/vitest/vitest.mjs': write });
  clone.changeManifest({ scripts: SCRIPTS });
  for (const name of ['run', 'count-results.mjs']) cpSync(resolve(CI, name), clone.path(`.ci/${name}`));
  return clone;
}

const report = (numPassedTests: number, numFailedTests: number, testResults: object[] = []) => ({
  numPassedTests,
  numFailedTests,
  testResults,
});

async function ci(
  clone: SmallClone,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: unknown; lastLine: string | undefined; stderr: string }> {
  const child = spawn(clone.path('.ci/run'), { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, lastLine: stdout.trimEnd().split('\n').at(-1), stderr };
}

it('ends with the count of the report', async () => {
  using clone = ciClone(report(12, 0));
  expect(await ci(clone)).toMatchObject({ code: 0, lastLine: '12 passed, 0 failed' });
});

it.each([
  ['a test failed', report(11, 2), 'process.exitCode = 1;', '11 passed, 2 failed'],
  ['a test failed though the command claims success', report(11, 2), '', '11 passed, 2 failed'],
  ['the command failed though all tests passed', report(12, 0), 'process.exitCode = 1;', '12 passed, 0 failed'],
  ['no test ran', report(0, 0), '', '0 passed, 0 failed'],
  ['there is no report', undefined, '', '0 passed, 0 failed'],
  ['a file could not be loaded', report(3, 0, [{ status: 'failed', assertionResults: [] }]), '', '3 passed, 1 failed'],
  [
    'a file holds failed tests, which count once',
    report(3, 1, [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]),
    '',
    '3 passed, 1 failed',
  ],
])('fails when %s', async (_, content, more, lastLine) => {
  using clone = ciClone(content, more);
  expect(await ci(clone)).toMatchObject({ code: 1, lastLine });
});

it('fails when the checks fail, and says so', async () => {
  using clone = ciClone(report(12, 0));
  clone.changeManifest({ scripts: { ...SCRIPTS, check: 'exit 3' } });
  expect(await ci(clone)).toMatchObject({
    code: 1,
    lastLine: '12 passed, 0 failed',
    stderr: expect.stringContaining('npm run check ended with 3'),
  });
});

it('ends tests that do not end, and what they started, also when that left the process group', async () => {
  const leftover = `
    const child = spawn('sleep', ['3600'], { detached: true, stdio: 'ignore' });
    child.unref();
    writeFileSync('leftover', String(child.pid));`;
  using clone = ciClone(report(12, 0), `${leftover}\nsetInterval(() => {}, 1_000);`);
  const { code, lastLine, stderr } = await ci(clone, { SELFHEAL_CI_SECONDS: '8' });
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '12 passed, 0 failed' });
  expect(stderr).toContain('was ended after 7 s');
  // Ended, but there until its new parent, the system's first process, takes note.
  await expect.poll(() => runs(Number(clone.read('leftover'))), { timeout: 20_000 }).toBe(false);
});

it('passes on that it was interrupted, and leaves nothing behind', async () => {
  using clone = ciClone(report(12, 0), "writeFileSync('task', String(process.pid));\nsetInterval(() => {}, 1_000);");
  const child = spawn(clone.path('.ci/run'), { stdio: 'ignore' });
  await expect.poll(() => existsSync(clone.path('task')), { timeout: 20_000 }).toBe(true);
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  await expect.poll(() => runs(Number(clone.read('task'))), { timeout: 20_000 }).toBe(false);
});

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
