import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../program.ts';

afterEach(() => {
  process.exitCode = undefined;
});

async function run(args: readonly string[], stop?: { readonly at: RegExp }): Promise<{ out: string; code: typeof process.exitCode }> {
  let out = '';
  const controller = new AbortController();
  const stream = new Writable({
    write(chunk, _encoding, done) {
      out += String(chunk);
      if (stop?.at.test(out) === true) controller.abort();
      done();
    },
  });
  const program = createProgram({
    signal: controller.signal,
    env: process.env,
    stdin: Readable.from([]),
    stdout: stream,
    stderr: stream,
  });
  await program.parseAsync(['node', 'selfheal', ...args]);
  return { out, code: process.exitCode };
}

async function target(body: string, expected = '4'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-repair-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'test'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'x', type: 'module', scripts: { test: 'node --test' } }));
  await writeFile(join(folder, 'max.js'), `export const larger = (a, b) => ${body};\n`);
  const assertions = [
    [1, 2, 2],
    [5, 3, 5],
    [4, 4, expected],
  ].map(([a, b, most]) => `assert.equal(larger(${a}, ${b}), ${most});`);
  const imports = "import test from 'node:test';\nimport assert from 'node:assert';\nimport { larger } from '../max.js';\n";
  await writeFile(join(folder, 'test/max.test.js'), `${imports}test('larger', () => {\n  ${assertions.join('\n  ')}\n});\n`);
  return folder;
}

test('exits 0 with a proven patch, writes the report and, told so, the patch', { timeout: 60_000 }, async () => {
  const folder = await target('(a < b ? a : b)');
  const report = join(folder, 'report.json');
  const { out, code } = await run([
    'repair',
    '--repo',
    folder,
    '--budget',
    '15s',
    '--data',
    join(folder, 'data'),
    '--json',
    report,
    '--apply',
  ]);
  expect(code).toBe(0);
  expect(out).toContain('offered');
  const { status, patches } = JSON.parse(await readFile(report, 'utf8'));
  expect(status).toBe('offered');
  expect(patches[0].proof).toMatchObject({ passed: 1, broken: [] });
  expect(await readFile(join(folder, 'max.js'), 'utf8')).not.toContain('(a < b ? a : b)');
});

test('exits 4 without a patch and leaves the folder alone', { timeout: 60_000 }, async () => {
  const folder = await target('Math.max(a, b)');
  const { out, code } = await run(['repair', '--repo', folder, '--budget', '5s', '--data', join(folder, 'data'), '--quiet']);
  expect({ out, code }).toEqual({ out: '! healthy: no test fails\n', code: 4 });
});

test('what stops it ends the search; the same command goes on where it was', { timeout: 120_000 }, async () => {
  // No single edit gives both, so that the search goes on for long.
  const folder = await target('(a < b ? a : b)', '"four"');
  const data = join(folder, 'data');
  const report = join(folder, '../stopped-report.json');
  onTestFinished(() => rm(report, { force: true }));
  const options = ['repair', '--repo', folder, '--data', data, '--json', report];
  const stopped = await run([...options, '--budget', '60s'], { at: /\d edits tried/ });
  expect(stopped.code).toBe(4);
  expect(stopped.out).toContain('the search was stopped');
  const first = JSON.parse(await readFile(report, 'utf8'));
  expect(first).toMatchObject({ status: 'none', stopped: true, candidates: { recalled: 0 } });
  const again = await run([...options, '--budget', '6s']);
  const second = JSON.parse(await readFile(report, 'utf8'));
  expect(second.candidates.recalled).toBe(first.candidates.tried);
  expect(second.candidates.tried).toBeGreaterThan(first.candidates.tried);
  expect(again.out).toContain('by the run before, which was cut off');
});

test('a time or seed that is none is named', async () => {
  await expect(run(['repair', '--budget', 'soon'])).rejects.toThrow('--budget soon');
  await expect(run(['repair', '--seed', 'x'])).rejects.toThrow('--seed x');
});
