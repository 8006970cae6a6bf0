import { hostname } from 'node:os';
import type { Probe } from './probe.ts';

/** What a program may ask of the kernel itself. */
export const kernelProbes: readonly Probe[] = [
  {
    name: "shares one of the host's namespaces",
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      for (const kind of ['mnt', 'net', 'pid', 'ipc', 'uts', 'user', 'cgroup']) {
        const own = fs.readlinkSync(`/proc/self/ns/${kind}`);
        if (facts.namespaces.includes(own)) escaped(own);
      }
    },
  },
  {
    name: 'enters the namespaces of the first process',
    attack: ({ facts, sh, escaped }) => {
      const out = sh(`nsenter --target 1 --all -- echo ENTERED; nsenter --target ${facts.victim} --mount -- echo ENTERED`);
      if (out.includes('ENTERED')) escaped(out);
    },
  },
  {
    name: 'makes a user namespace of its own',
    harmless: true,
    attack: ({ sh, escaped }) => {
      const out = sh('unshare --user -- echo NESTED; unshare --user --map-root-user -- echo NESTED; unshare --net -- echo NESTED');
      if (out.includes('NESTED')) escaped(out);
    },
  },
  {
    name: 'mounts',
    attack: ({ sh, escaped }) => {
      const out = sh(
        'mount -t tmpfs tmpfs /tmp && echo MOUNTED; mount -o remount,rw /usr && echo MOUNTED; mount -t proc proc /tmp && echo MOUNTED; mount --bind /tmp /usr && echo MOUNTED; umount /proc && echo MOUNTED',
      );
      if (out.includes('MOUNTED')) escaped(out);
    },
  },
  {
    name: 'takes another root',
    attack: ({ sh, escaped }) => {
      if (sh('chroot / echo ROOTED; pivot_root . . && echo ROOTED').includes('ROOTED')) escaped('chroot');
    },
  },
  {
    name: 'makes a device file',
    attack: ({ sh, escaped }) => {
      if (sh('mknod /tmp/disk b 8 0 && echo MADE; mknod disk b 254 0 && echo MADE; mknod memory c 1 1 && echo MADE').includes('MADE'))
        escaped('mknod');
    },
  },
  {
    name: 'opens devices',
    attack: ({ fs, escaped }) => {
      const names = [
        'mem',
        'kmem',
        'port',
        'kmsg',
        'sda',
        'vda',
        'nvme0n1',
        'xvda',
        'loop0',
        'loop-control',
        'kvm',
        'fuse',
        'net/tun',
        'vsock',
      ];
      for (const name of [...names, 'vhost-vsock', 'uinput', 'snapshot', 'btrfs-control', 'tty0', 'console', 'ttyS0', 'hpet', 'rtc0']) {
        try {
          fs.closeSync(fs.openSync(`/dev/${name}`, 'r'));
          escaped(`/dev/${name}`);
        } catch {}
      }
    },
  },
  {
    // A program named in core_pattern is run by the kernel, as root of the host, at the next crash. Opened only, never written.
    name: 'changes settings of the kernel (/proc/sys)',
    harmless: true,
    attack: ({ fs, escaped }) => {
      const settings = [
        'kernel/core_pattern',
        'kernel/modprobe',
        'kernel/hostname',
        'vm/overcommit_memory',
        'fs/file-max',
        'net/ipv4/ip_forward',
      ];
      for (const path of [...settings.map((name) => `/proc/sys/${name}`), '/proc/sysrq-trigger', '/proc/self/oom_score_adj']) {
        try {
          fs.closeSync(fs.openSync(path, 'r+'));
          escaped(path);
        } catch {}
      }
    },
  },
  {
    name: "reads the kernel's memory and keys",
    attack: ({ fs, escaped }) => {
      for (const name of ['kcore', 'keys', 'kpageflags', 'kpagecount', 'timer_list', 'kmsg']) {
        try {
          if (fs.readSync(fs.openSync(`/proc/${name}`, 'r'), Buffer.alloc(64)) > 0) escaped(`/proc/${name}`);
        } catch {}
      }
    },
  },
  {
    name: 'uses the control groups',
    attack: ({ sh, escaped }) => {
      const out = sh(
        'ls /sys/fs/cgroup && echo SEEN; mkdir -p /tmp/c && mount -t cgroup -o pids c /tmp/c && echo SEEN; mount -t cgroup2 c /tmp/c && echo SEEN',
      );
      if (out.includes('SEEN')) escaped(out);
    },
  },
  {
    name: 'loads code into the kernel',
    attack: ({ sh, escaped }) => {
      // bpf(2), then finit_module(2), init_module(2), with arguments that are wrong: what is refused is the right to ask.
      const [bpf, load] = process.arch === 'arm64' ? [280, 273] : [321, 313];
      const out = sh(
        `perl -e 'syscall(${bpf}, 5, pack("x128"), 128); print "bpf ", $!+0, "\\n"; syscall(${load}, 0, "", 0); print "module ", $!+0, "\\n"'`,
      );
      const [EPERM, ENOSYS] = [1, 38];
      for (const [, what, code] of out.matchAll(/(bpf|module) (\d+)/g))
        if (![EPERM, ENOSYS].includes(Number(code))) escaped(`${what}: ${code}`);
    },
  },
  {
    name: "uses the kernel's keyrings",
    harmless: true,
    attack: ({ sh, escaped }) => {
      // keyctl(KEYCTL_GET_KEYRING_ID, session): a session's keyring is inherited, and no namespace divides it.
      const call = process.arch === 'arm64' ? 219 : 250;
      if (/key \d/.test(sh(`perl -e 'my $id = syscall(${call}, 0, -3, 0); print "key $id\\n" if $id > 0'`))) escaped('the session keyring');
    },
  },
  {
    name: "sets the host's name and clock",
    attack: ({ sh, escaped }) => {
      const out = sh('hostname selfheal-probe && echo SET; date -s 2001-01-01 && echo SET');
      if (out.includes('SET')) escaped(out);
    },
    harm: () => (hostname() === 'selfheal-probe' ? 'the host has another name' : undefined),
  },
  {
    name: "uses the host's System V shared memory",
    harmless: true,
    attack: ({ facts, sh, escaped }) => {
      const key = facts.segment === undefined ? 1 : Number(facts.segment);
      const call = process.arch === 'arm64' ? 194 : 29;
      if (/got \d/.test(sh(`perl -e 'my $id = syscall(${call}, ${key}, 0, 0); print "got $id\\n" if $id >= 0'`))) escaped(facts.segment);
    },
  },
];
