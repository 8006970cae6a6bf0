import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ProbedHost } from './probe.ts';

/** Makes what the probes aim at, on this host: secrets, servers, a process, shared memory. All is gone when it is disposed. */
export async function openProbedHost(): Promise<ProbedHost & AsyncDisposable> {
  const canary = `canary-${process.pid}-${Date.now().toString(36)}`;
  const outside = await mkdtemp(join(tmpdir(), 'selfheal-outside-'));
  const sharedFile = `/dev/shm/selfheal-probe-${process.pid}`;
  const variable = 'SELFHEAL_PROBE_CANARY';
  await writeFile(join(outside, 'secret'), canary);
  await writeFile(sharedFile, canary);
  await mkdir(join(outside, 'repository/.git/hooks'), { recursive: true });
  await writeFile(join(outside, 'repository/.git/config'), '[core]\n');
  process.env[variable] = canary;
  const victim = spawn('sleep', ['300'], { stdio: 'ignore' });
  const servers = [createServer(), createServer(), createServer()] as const;
  const [tcp, local, hidden] = servers;
  tcp.listen(0);
  local.listen(join(outside, 'socket'));
  hidden.listen(`\0${canary}`);
  let datagrams = 0;
  const udp = createSocket({ type: 'udp6', ipv6Only: false });
  udp.on('message', () => {
    datagrams += 1;
  });
  udp.bind(0);
  await Promise.all([...servers.map((server) => once(server, 'listening')), once(udp, 'listening')]);
  const segment = await sharedSegment();
  const address = tcp.address();
  const others = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
  return {
    facts: {
      canary,
      outside,
      home: homedir(),
      victim: victim.pid ?? 0,
      tcpPort: typeof address === 'object' && address !== null ? address.port : 0,
      udpPort: udp.address().port,
      addresses: others.filter((one) => !one.startsWith('fe80')),
      abstractSocket: canary,
      sharedFile,
      segment: segment?.key,
      namespaces: await hostNamespaces(),
    },
    victimLives: () => victim.exitCode === null && victim.signalCode === null,
    takeDatagrams: () => {
      const taken = datagrams;
      datagrams = 0;
      return taken;
    },
    commandLines,
    async [Symbol.asyncDispose]() {
      delete process.env[variable];
      victim.kill('SIGKILL');
      for (const server of servers) server.close();
      udp.close();
      if (segment !== undefined) await execa('ipcrm', ['-m', segment.id], { reject: false });
      await rm(sharedFile, { force: true });
      await rm(outside, { recursive: true, force: true });
    },
  };
}

async function hostNamespaces(): Promise<string[]> {
  const kinds = ['mnt', 'net', 'pid', 'ipc', 'uts', 'user', 'cgroup'];
  return Promise.all(kinds.map((kind) => readlink(`/proc/self/ns/${kind}`)));
}

/** A System V segment with a key of its own. */
async function sharedSegment(): Promise<{ id: string; key: string } | undefined> {
  const made = await execa('ipcmk', ['-M', '64'], { reject: false });
  const [, id] = /(\d+)\s*$/.exec(made.stdout ?? '') ?? [];
  if (id === undefined) return undefined;
  const table = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '');
  const row = table.split('\n').find((line) => line.trim().split(/\s+/)[1] === id);
  const key = row?.trim().split(/\s+/)[0];
  return key === undefined ? undefined : { id, key };
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').join(' ').trim()),
  );
}
