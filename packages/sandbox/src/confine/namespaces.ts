import type { Mount } from './plan.ts';

/**
 * Confinement by util-linux where bubblewrap is absent: `unshare` makes the namespaces, a small shell script builds the file system on a
 * tmpfs and pivots into it, `setpriv` drops every capability before the command starts.
 */
export function namespacesArguments(mounts: readonly Mount[], cwd: string, env: Readonly<Record<string, string>>): string[] {
  const namespaces = [
    '--user',
    '--map-root-user',
    '--mount',
    '--net',
    '--pid',
    '--ipc',
    '--uts',
    '--cgroup',
    '--fork',
    '--kill-child=SIGKILL',
  ];
  return ['unshare', ...namespaces, '--', 'setsid', '--wait', '/bin/sh', '-euc', script(mounts, cwd, env), 'sandbox'];
}

function script(mounts: readonly Mount[], cwd: string, env: Readonly<Record<string, string>>): string {
  const variables = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`));
  return [
    // pivot_root and ip lie there; on some systems an ordinary user's path leaves these folders out.
    'PATH="$PATH:/usr/sbin:/sbin"',
    'ip link set lo up 2>/dev/null || true',
    'mount --make-rprivate /',
    // The new root lies over a folder that exists everywhere.
    'mount -t tmpfs -o size=16m,mode=755 tmpfs /mnt',
    'cd /mnt',
    'mkdir -p proc dev old etc',
    ...['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `touch dev/${name}; mount --bind /dev/${name} dev/${name}`),
    'ln -s /proc/self/fd dev/fd; ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr',
    ...mounts.flatMap(mountLines),
    'mount -t proc proc proc',
    'pivot_root . old',
    'cd /',
    'umount -l /old',
    'rmdir /old',
    'mount -o remount,bind,ro /',
    `cd ${quote(cwd)}`,
    `exec env -i ${variables.join(' ')} setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"`,
  ].join('\n');
}

function mountLines(mount: Mount): string[] {
  const to = quote(`.${mount.to}`);
  switch (mount.kind) {
    case 'read':
      return [...bindLines(mount.from, to), `mount -o remount,bind,ro,nosuid ${to}`];
    case 'write':
      return bindLines(mount.from, to);
    case 'memory':
      return [`mkdir -p ${to}`, `mount -t tmpfs -o size=${mount.bytes},mode=1777,nosuid tmpfs ${to}`];
    case 'folder':
      return [`mkdir -p ${to}`];
    case 'link':
      return [`mkdir -p "$(dirname ${to})"`, `ln -s ${quote(mount.target)} ${to}`];
  }
}

function bindLines(from: string, to: string): string[] {
  const source = quote(from);
  return [`if [ -d ${source} ]; then mkdir -p ${to}; else mkdir -p "$(dirname ${to})"; touch ${to}; fi`, `mount --bind ${source} ${to}`];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
