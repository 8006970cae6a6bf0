import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunResult } from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CopyFolder, makeCopyFolder } from '../checkout/copy-folder.ts';
import { confinedEnvironment, systemMounts } from './plan.ts';
import { type ConfinedRun, runConfined } from './run.ts';
import { type ConfinementTool, findConfinement } from './tool.ts';

let outside: string;
let copy: CopyFolder;
let bubblewrap: ConfinementTool;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'selfheal-outside-'));
  copy = await makeCopyFolder(join(outside, 'state'));
  bubblewrap = await findConfinement(copy.etc, false);
});

afterAll(async () => {
  await rm(outside, { recursive: true, force: true });
});

test('bubblewrap is what confines here', () => {
  expect(bubblewrap.kind).toBe('bubblewrap');
});

describe.each(['bubblewrap', 'namespaces'] as const)('%s', (kind) => {
  async function run(script: string, options: Partial<ConfinedRun> = {}): Promise<RunResult> {
    return runConfined(kind === 'bubblewrap' ? bubblewrap : { kind }, {
      argv: ['sh', '-c', script],
      cwd: copy.tree,
      env: await confinedEnvironment([]),
      mounts: [...(await systemMounts(copy.etc)), { kind: 'write', from: copy.tree, to: copy.tree }],
      limits: { memoryMb: 400, processes: 64, diskMb: 64 },
      timeoutMs: 20_000,
      ...options,
    });
  }
  const node = (code: string, options?: Partial<ConfinedRun>): Promise<RunResult> =>
    run(`exec node -e "$CODE"`, { ...options, env: { ...ENV, CODE: code } });
  const ENV: Record<string, string> = {};
  beforeAll(async () => {
    Object.assign(ENV, await confinedEnvironment([]));
  });

  test('runs a command with the few variables it needs', async () => {
    const result = await run('node -p "process.version"; pwd; echo $HOME $TZ $CI $NODE_ENV; touch ok && ls');
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
    expect(result.stdout.trim().split('\n')).toEqual([process.version, copy.tree, '/tmp/home UTC 1 test', 'ok']);
  });

  test('needs no folder of system tools in the path', async ({ onTestFinished }) => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('PATH', `${dirname(process.execPath)}:/usr/bin:/bin`);
    expect(await run('exit 7')).toMatchObject({ exitCode: 7, stderr: '' });
  });

  test('passes exit codes on', async () => {
    expect((await run('exit 7')).exitCode).toBe(7);
  });

  test('has a loopback of its own', async () => {
    const result = await node(
      `require('node:http').createServer((q, s) => s.end('own')).listen(0, 'localhost', function () { fetch('http://localhost:' + this.address().port).then((r) => r.text()).then((t) => { console.log(t); process.exit(); }); });`,
    );
    expect(result.stdout.trim()).toBe('own');
  });

  test('ends at its time limit, keeping what was printed', async () => {
    const result = await run('echo begun; sleep 60', { timeoutMs: 3_000 });
    expect(result).toMatchObject({ timedOut: true, exitCode: 137, stdout: 'begun\n' });
    expect(result.stderr).toContain('longer than 3000 ms');
  });

  test('is cancelled by its caller', async () => {
    const controller = new AbortController();
    const running = run('sleep 30', { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(run('true', { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('keeps the beginning and the end of a long output', async () => {
    const result = await run('echo first; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo last');
    expect(result.stdout.length).toBeLessThan(300_000);
    expect(result.stdout).toMatch(/^first\n/);
    expect(result.stdout).toMatch(/characters left out/);
    expect(result.stdout.trimEnd()).toMatch(/\nlast$/);
  });

  test('gives the command its input', async () => {
    expect((await run('cat', { input: 'hello' })).stdout).toBe('hello');
  });
});

test('without a tool it refuses, unless told otherwise', async () => {
  await mkdir(join(outside, 'none'), { recursive: true });
  const path = process.env.PATH;
  process.env.PATH = join(outside, 'none');
  try {
    await expect(findConfinement(copy.etc, false)).rejects.toMatchObject({ code: 'SANDBOX_MISSING' });
    await expect(findConfinement(copy.etc, true)).resolves.toEqual({ kind: 'none' });
  } finally {
    process.env.PATH = path;
  }
});
