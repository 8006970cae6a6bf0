import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunResult } from '@selfheal/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CopyFolder, makeCopyFolder } from '../checkout/copy-folder.ts';
import { confinedEnvironment, systemMounts } from './plan.ts';
import { type ConfinedRun, runConfined } from './run.ts';
import { type ConfinementTool, findConfinement } from './tool.ts';

const CANARY = `canary-${process.pid}`;
let outside: string;
let copy: CopyFolder;
let tcp: Server;
let local: Server;
let bubblewrap: ConfinementTool;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'selfheal-outside-'));
  copy = await makeCopyFolder(join(outside, 'state'));
  await writeFile(join(outside, 'secret'), CANARY);
  bubblewrap = await findConfinement(copy.etc, false);
  tcp = createServer().listen(0, '127.0.0.1');
  local = createServer().listen(join(outside, 'socket'));
  await Promise.all([once(tcp, 'listening'), once(local, 'listening')]);
  process.env.SELFHEAL_TEST_CANARY = CANARY;
});

afterAll(async () => {
  tcp.close();
  local.close();
  delete process.env.SELFHEAL_TEST_CANARY;
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

  test('needs no folder of system tools in the path', async () => {
    vi.stubEnv('PATH', `${dirname(process.execPath)}:/usr/bin:/bin`);
    expect(await run('exit 7')).toMatchObject({ exitCode: 7, stderr: '' });
    vi.unstubAllEnvs();
  });

  test('passes exit codes on', async () => {
    expect((await run('exit 7')).exitCode).toBe(7);
  });

  test('has no network, also not to the host itself', async () => {
    const address = tcp.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const result = await node(`
      const net = require('node:net'); const dgram = require('node:dgram');
      net.connect(${port}, '127.0.0.1').on('connect', () => console.log('REACHED')).on('error', (e) => console.log('tcp', e.code));
      net.connect(53, '192.0.2.1').on('connect', () => console.log('REACHED')).on('error', (e) => console.log('out', e.code));
      const udp = dgram.createSocket('udp4'); udp.send('x', 53, '192.0.2.1', (e) => { console.log('udp', e ? e.code : 'REACHED'); udp.close(); });`);
    expect(result.stdout).toContain('tcp ECONNREFUSED');
    expect(result.stdout).toContain('out ENETUNREACH');
    expect(result.stdout).not.toContain('REACHED');
  });

  test('has a loopback of its own', async () => {
    const result = await node(
      `require('node:http').createServer((q, s) => s.end('own')).listen(0, 'localhost', function () { fetch('http://localhost:' + this.address().port).then((r) => r.text()).then((t) => { console.log(t); process.exit(); }); });`,
    );
    expect(result.stdout.trim()).toBe('own');
  });

  test('reaches no unix socket of the host', async () => {
    const result = await node(
      `require('node:net').connect(${JSON.stringify(join(outside, 'socket'))}).on('connect', () => console.log('REACHED')).on('error', (e) => console.log(e.code));`,
    );
    expect(result.stdout.trim()).toBe('ENOENT');
  });

  test('sees no home, no secret beside the copy, no host account', async () => {
    const result = await run(
      `cat ${outside}/secret ~root/.profile /root/.bashrc /etc/shadow /proc/1/environ; ls -a /root /home /var /run /sys; cat /etc/passwd; ls ${outside}`,
    );
    expect(result.stdout).not.toContain(CANARY);
    expect(result.stdout).toContain('nobody');
    expect(result.stdout).not.toContain('root:');
    expect(result.stdout).not.toContain('.bashrc');
  });

  test('inherits no variable', async () => {
    const result = await run('env; cat /proc/self/environ /proc/*/environ');
    expect(result.stdout).toContain('CI=1');
    expect(result.stdout).not.toContain(CANARY);
  });

  test('follows no link out of the copy', async () => {
    await symlink(join(outside, 'secret'), join(copy.tree, 'link'));
    const result = await run('cat link; echo overwritten > link');
    await rm(join(copy.tree, 'link'));
    expect(result.stdout).not.toContain(CANARY);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe(CANARY);
  });

  test.each([
    '/usr/selfheal-escape',
    '/etc/selfheal-escape',
    '/selfheal-escape',
    '/root/selfheal-escape',
    '/dev/selfheal-escape',
    '/usr/bin/true',
  ])('cannot write %s', async (path) => {
    const result = await run(`echo x > ${path} && echo WRITTEN; mkdir -p ${path}.d/x && echo WRITTEN`);
    expect(result.stdout).toBe(path.startsWith('/dev/') ? result.stdout : '');
    await expect(access(path === '/usr/bin/true' ? '/usr/bin/true.d' : path)).rejects.toThrow();
  });

  test('cannot write outside, nor bring the outside in', async () => {
    const before = await readFile(join(outside, 'secret'), 'utf8');
    const result = await run(
      `echo x > ${outside}/secret; mount -t proc proc /tmp; mount -o remount,rw /usr; unshare -Ur true && echo NESTED; chroot / true && echo CHROOT; mknod /tmp/disk b 8 0 && echo DEVICE`,
    );
    expect(result.stdout).not.toMatch(/CHROOT|DEVICE/);
    if (kind === 'bubblewrap') expect(result.stdout).not.toContain('NESTED');
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe(before);
  });

  test('has no capability', async () => {
    const result = await run('grep -E "^Cap(Eff|Bnd|Amb)" /proc/self/status');
    expect(result.stdout.match(/0000000000000000/g)).toHaveLength(3);
  });

  test('cannot kill or see other processes', async () => {
    const victim = spawn('sleep', ['30'], { stdio: 'ignore' });
    const result = await run(`kill -9 ${victim.pid} && echo KILLED; kill -9 -1; ls /proc | grep -c '^[0-9]'`);
    expect(result.stdout).not.toContain('KILLED');
    expect(victim.exitCode).toBeNull();
    expect(victim.signalCode).toBeNull();
    victim.kill('SIGKILL');
  });

  // Bounded, so that a limit that fails fails this test and not the machine.
  test('stops what starts too many processes', async () => {
    const result = await run('for i in $(seq 200); do sleep 30 & done; sleep 30');
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain('more than 64 processes');
    expect(await readdir('/sys/fs/cgroup/pids').catch(() => [])).not.toContainEqual(expect.stringContaining(`selfheal-${process.pid}`));
  });

  test('stops what takes too much memory', async () => {
    const result = await node(
      'const kept = []; const more = () => { if (kept.length < 150) kept.push(Buffer.alloc(8 << 20, 1)); setTimeout(more, 20); }; more();',
    );
    expect(result.stderr).toContain('more than 400 MB of memory');
    expect(result.exitCode).toBe(137);
  });

  test('lets /tmp and shared memory fill up without harm to the host', async () => {
    const result = await run('head -c 700M /dev/zero > /tmp/big; head -c 700M /dev/zero > /dev/shm/big; du -m /tmp/big /dev/shm/big', {
      limits: { memoryMb: 4000, processes: 64, diskMb: 64 },
    });
    const sizes = [...result.stdout.matchAll(/^(\d+)\s/gm)].map((match) => Number(match[1]));
    expect(sizes.every((mb) => mb <= 512)).toBe(true);
    expect(result.stderr).toContain('No space left');
  });

  test('stops what fills the copy', async () => {
    const result = await run('for i in 1 2 3 4 5 6 7 8 9; do head -c 40M /dev/zero > f$i; sync; sleep 0.2; done; echo FILLED');
    await run('rm -f f*');
    expect(result.stdout).not.toContain('FILLED');
    expect(result.stderr).toContain('more than 64 MB written');
  });

  test('leaves no process behind', async () => {
    const mark = `31${process.pid}`;
    await run(`(setsid sleep ${mark} > /dev/null 2>&1 &); (nohup setsid sh -c 'sleep ${mark}' &) ; sleep 0.2`);
    const timedOut = await run(`(setsid sleep ${mark} &); sleep ${mark}`, { timeoutMs: 500 });
    expect(timedOut.timedOut).toBe(true);
    const left = spawn('pgrep', ['-f', `sleep ${mark}`]);
    const [code] = await once(left, 'exit');
    expect(code).toBe(1);
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
