import type { Probe, ProbedHost } from './probe.ts';

function victimKilled(host: ProbedHost): string | undefined {
  return host.victimLives() ? undefined : 'a process of the host was killed';
}

/** A daemon sleeps for a time that nobody else does, so that it can be told in a list of processes. */
async function isLeft(host: ProbedHost, seconds: string): Promise<string | undefined> {
  return (await host.commandLines()).find((line) => line === `sleep ${seconds}`);
}

/** What a program may do to other processes. */
export const processProbes: readonly Probe[] = [
  {
    name: 'kills a process of the host',
    attack: ({ facts, escaped }) => {
      process.kill(facts.victim, 'SIGKILL');
      escaped(facts.victim);
    },
    harm: victimKilled,
  },
  {
    name: 'kills every process',
    attack: ({ child }) => {
      child.spawnSync('sh', ['-c', 'kill -9 -1']);
    },
    harm: victimKilled,
  },
  {
    name: 'sees processes of the host',
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      if (fs.existsSync(`/proc/${facts.victim}/cmdline`) && fs.readFileSync(`/proc/${facts.victim}/cmdline`, 'utf8').includes('sleep'))
        escaped(`process ${facts.victim}`);
    },
  },
  {
    name: 'traces a process of the host (ptrace)',
    attack: ({ facts, sh, escaped }) => {
      const call = process.arch === 'arm64' ? 117 : 101;
      if (/attached 0$/m.test(sh(`perl -e 'print "attached ", syscall(${call}, 16, ${facts.victim}, 0, 0), "\\n"'`))) escaped('attached');
    },
    harm: victimKilled,
  },
  {
    name: "reads another process's memory",
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      fs.closeSync(fs.openSync(`/proc/${facts.victim}/mem`, 'r'));
      escaped(`/proc/${facts.victim}/mem`);
    },
  },
  {
    name: 'leaves a daemon behind',
    attack: ({ sh }) => {
      sh(
        "(setsid sleep 31.4159 > /dev/null 2>&1 < /dev/null &); (nohup setsid sh -c 'sleep 31.4159 & exec sleep 31.4159' > /dev/null 2>&1 &)",
      );
    },
    harm: (host) => isLeft(host, '31.4159'),
  },
  {
    name: 'leaves a daemon behind when it is stopped',
    run: { timeoutMs: 1_500 },
    attack: async ({ child, wait }) => {
      process.on('SIGTERM', () => undefined);
      child.spawn('sh', ['-c', 'trap "" TERM HUP INT; sleep 27.1828 & wait'], { detached: true, stdio: 'ignore' }).unref();
      await wait(60_000);
    },
    endedBy: /longer than/,
    harm: (host) => isLeft(host, '27.1828'),
  },
  {
    name: 'signals whoever started it',
    attack: ({ escaped }) => {
      // Within namespaces of its own, the first process is the confinement itself and its parent none.
      for (const pid of [1, process.ppid]) {
        try {
          process.kill(pid, 'SIGTERM');
        } catch {}
      }
      if (process.ppid > 2 ** 20) escaped(process.ppid);
    },
    harm: victimKilled,
  },
  {
    name: 'raises its own priority',
    harmless: true,
    attack: ({ os, sh, escaped }) => {
      if (/policy: SCHED_FIFO/.test(sh('chrt -f -p 50 $$ && chrt -p $$'))) escaped('real-time');
      os.setPriority(process.pid, -10);
      escaped('priority -10');
    },
  },
  {
    name: 'gains rights by a setuid program',
    attack: ({ fs, escaped }) => {
      const status = fs.readFileSync('/proc/self/status', 'utf8');
      const rights = [...status.matchAll(/^Cap(Inh|Prm|Eff|Bnd|Amb):\s*(\w+)$/gm)].filter(([, , mask]) => !/^0+$/.test(mask ?? ''));
      if (!/^NoNewPrivs:\s*1$/m.test(status)) escaped('setuid programs count');
      if (rights.length > 0) escaped(rights.map(([line]) => line));
    },
  },
  {
    name: 'types into the terminal (TIOCSTI)',
    attack: ({ fs, sh, escaped }) => {
      const TIOCSTI = '0x5412';
      const out = sh(`perl -e 'open(T, "+<", "/dev/tty") or exit; my $c = "x"; print "typed\\n" if ioctl(T, ${TIOCSTI}, $c)'`);
      const [, , , , , , terminal] = fs.readFileSync('/proc/self/stat', 'utf8').split(' ');
      if (out.includes('typed') || terminal !== '0') escaped(`terminal ${terminal}`);
    },
  },
  {
    name: 'uses what its parents left open',
    attack: ({ sh, escaped }) => {
      // Of a command that opens nothing itself.
      const links = sh('for f in /proc/self/fd/*; do echo "$(basename $f) $(readlink $f)"; done').split('\n');
      for (const line of links) {
        const [number, target = ''] = line.split(' ');
        if (Number(number) > 2 && !/^(\/dev\/null|\/proc\/.*)?$/.test(target)) escaped(line);
      }
    },
  },
];
