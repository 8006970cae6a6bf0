import { type MountBatch, mountBatches } from './mount-batches.ts';
import type { Mount } from './plan.ts';

/** Lies on every system; the new root is built over it. */
const ROOT = '/mnt';
const SETTING = '/proc/sys/user/max_user_namespaces';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
/** The kernel takes at most 128 KiB in one argument. */
const MOST_CHARACTERS = 30_000;

/**
 * Confinement by util-linux where bubblewrap is absent: `unshare` makes the namespaces, a small shell script builds the file system on a
 * tmpfs and pivots into it, `setpriv` drops every capability before the command starts.
 */
export function namespacesArguments(
  mounts: readonly Mount[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  filter?: Buffer,
): string[] {
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
  const { script, words } = build(mounts, cwd, env, filter);
  return ['unshare', ...namespaces, '--', 'setsid', '--wait', '/bin/sh', '-euc', script, 'sandbox', ...words];
}

/** The script, and what it takes before the command: texts that may be longer together than one argument may be. */
function build(
  mounts: readonly Mount[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  filter: Buffer | undefined,
): { script: string; words: string[] } {
  const words: string[] = [];
  const devices = DEVICES.map((name) => `/dev/${name}`);
  const first: MountBatch = {
    folders: ['/proc', '/dev', '/old', '/etc'],
    files: devices,
    table: [
      `proc ${ROOT}/proc proc ro,nosuid,nodev,noexec 0 0`,
      ...devices.map((device) => `${device} ${ROOT}${device} none bind,nosuid 0 0`),
    ],
    links: ['fd', 'fd/0', 'fd/1', 'fd/2'].map((target, index) => ({
      target: `/proc/self/${target}`,
      to: `/dev/${['fd', 'stdin', 'stdout', 'stderr'][index]}`,
    })),
  };
  const variables = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`));
  const script = [
    // pivot_root and ip lie there; on some systems an ordinary user's path leaves these folders out.
    'PATH="$PATH:/usr/sbin:/sbin"',
    'ip link set lo up 2>/dev/null || true',
    'mount --make-rprivate /',
    // No namespace within this one: the limit is this namespace's own, and what would raise it is given up below. Where the settings
    // are shown read-only, as in a container, those of a process file system of our own are not.
    `(echo 0 > ${SETTING}) 2>/dev/null || { mount -t proc proc ${ROOT}; echo 0 > ${ROOT}${SETTING.slice('/proc'.length)}; umount ${ROOT}; }`,
    `mount -t tmpfs -o size=16m,mode=755 tmpfs ${ROOT}`,
    `cd ${ROOT}`,
    ...[first, ...mountBatches(mounts, ROOT)].flatMap((batch) => batchLines(batch, words)),
    'rm -f .table',
    'pivot_root . old',
    'cd /',
    'umount -l /old',
    'rmdir /old',
    'mount -o remount,bind,ro /',
    `cd ${quote(cwd)}`,
    ...filterLines(filter),
    `exec env -i ${variables.join(' ')} setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"`,
  ];
  return { script: script.join('\n'), words };
}

/** util-linux before 2.41 sets no filter of system calls; perl, which most systems are built with, can. Without it there is none. */
function filterLines(filter: Buffer | undefined): string[] {
  const [prctl, noNewPrivileges, setSeccomp, filterMode] = [process.arch === 'arm64' ? 167 : 157, 38, 22, 2];
  if (filter === undefined) return [];
  const program = [
    `my $filter = pack("H*", shift);`,
    `syscall(${prctl}, ${noNewPrivileges}, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\n";`,
    `syscall(${prctl}, ${setSeccomp}, ${filterMode}, pack("S x6 P", length($filter) / 8, $filter), 0, 0) == 0 or die "seccomp: $!\n";`,
    `exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";`,
  ].join(' ');
  return [`if perl=$(command -v perl); then set -- "$perl" -e ${quote(program)} ${filter.toString('hex')} "$@"; fi`];
}

function batchLines({ folders, files, table, links }: MountBatch, words: string[]): string[] {
  const named = (paths: readonly string[]): string => [...new Set(paths)].map((path) => quote(`.${path}`)).join(' ');
  const lines: string[] = [];
  for (const part of parts(folders)) lines.push(`mkdir -p ${named(part)}`);
  for (const part of parts(files)) lines.push(`touch ${named(part)}`);
  if (table.length > 0) {
    lines.push(': > .table');
    for (const part of parts(table)) {
      words.push(part.join('\n'));
      lines.push('printf "%s\\n" "$1" >> .table; shift');
    }
    lines.push(`mount --all --fstab ${ROOT}/.table`);
  }
  return [...lines, ...links.map(({ target, to }) => `ln -s ${quote(target)} ${quote(`.${to}`)}`)];
}

function parts(texts: readonly string[]): string[][] {
  const found: string[][] = [];
  let length = MOST_CHARACTERS;
  for (const text of texts) {
    length += text.length + 1;
    if (length > MOST_CHARACTERS) {
      found.push([]);
      length = text.length + 1;
    }
    found.at(-1)?.push(text);
  }
  return found;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
