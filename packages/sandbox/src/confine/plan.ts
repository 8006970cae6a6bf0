import { cp, lstat, mkdir, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One step of building the file system that a confined command sees, in order. */
export type Mount =
  | { readonly kind: 'read'; readonly from: string; readonly to: string }
  | { readonly kind: 'write'; readonly from: string; readonly to: string }
  | { readonly kind: 'memory'; readonly to: string; readonly bytes: number }
  | { readonly kind: 'folder'; readonly to: string }
  | { readonly kind: 'link'; readonly target: string; readonly to: string };

const MB = 1 << 20;
/** Room for temporary files; a test that fills it gets ENOSPC, the host loses nothing. */
const TEMPORARY_BYTES = 512 * MB;
const SHARED_MEMORY_BYTES = 256 * MB;
export const CONFINED_HOME = '/tmp/home';
/** What the kernel tells of the whole host, and root's files where root is the caller (after the masked paths of the OCI runtime spec). */
const HIDDEN = ['kcore', 'keys', 'timer_list', 'sched_debug', 'kpagecount', 'kpageflags', 'kpagecgroup'].map((name) => `/proc/${name}`);

/**
 * What every confined command sees: the system's programs and libraries and our node, read-only; a sized /tmp; made-up account and host
 * files. Nothing of the user's home, of /etc, /var, /run or /sys.
 */
export async function systemMounts(etc: string): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const folder of ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/nix/store']) {
    const kind = await lstat(folder).catch(() => undefined);
    if (kind?.isSymbolicLink()) mounts.push({ kind: 'link', target: await readlink(folder), to: folder });
    else if (kind?.isDirectory()) mounts.push({ kind: 'read', from: folder, to: folder });
  }
  mounts.push({ kind: 'read', from: etc, to: '/etc' });
  if (await exists(`${etc}/alternatives`)) mounts.push({ kind: 'read', from: '/etc/alternatives', to: '/etc/alternatives' });
  mounts.push({ kind: 'memory', to: '/tmp', bytes: TEMPORARY_BYTES }, { kind: 'folder', to: CONFINED_HOME });
  mounts.push({ kind: 'memory', to: '/dev/shm', bytes: SHARED_MEMORY_BYTES });
  for (const path of HIDDEN) if (await exists(path)) mounts.push({ kind: 'read', from: '/dev/null', to: path });
  const node = await realpath(process.execPath);
  if (!node.startsWith('/usr/')) mounts.push({ kind: 'read', from: node, to: node }, ...(await npmBeside(node)));
  return mounts;
}

/** The npm that a version manager put beside its node. */
async function npmBeside(node: string): Promise<Mount[]> {
  const bin = dirname(node);
  const npm = join(dirname(bin), 'lib/node_modules/npm');
  if (!(await exists(npm))) return [];
  const commands = ['npm', 'npx'].map((name): Mount => ({ kind: 'link', target: join(npm, `bin/${name}-cli.js`), to: join(bin, name) }));
  return [{ kind: 'read', from: npm, to: npm }, ...commands];
}

/** Account and host files without which programs stumble (`os.userInfo()`, `localhost`); nothing of the real ones. */
const ETC_FILES: Readonly<Record<string, string>> = {
  passwd: `nobody:x:65534:65534:nobody:${CONFINED_HOME}:/bin/sh\n`,
  group: 'nogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/** What the loader of programs and the clock read of the system's own. */
const SYSTEM_ETC = ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime'];

/**
 * Fills a folder that stands in for /etc: one mount, where each file of its own would be one and cost every run as much. The system's choices
 * of commands (/etc/alternatives) are many links, and are mounted over the empty folder of that name.
 */
export async function writeEtc(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(ETC_FILES)) await writeFile(join(folder, file), text);
  for (const name of SYSTEM_ETC) {
    const from = await realpath(join('/etc', name)).catch(() => undefined);
    if (from !== undefined) await cp(from, join(folder, name), { recursive: true, dereference: true });
  }
  if (await exists('/etc/alternatives')) await mkdir(join(folder, 'alternatives'), { recursive: true });
}

/** The few variables that a confined command gets. Nothing is inherited. */
export async function confinedEnvironment(
  binFolders: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const node = dirname(await realpath(process.execPath));
  return {
    PATH: [...binFolders, node, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: CONFINED_HOME,
    TMPDIR: '/tmp',
    USER: 'nobody',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    CI: '1',
    NODE_ENV: 'test',
    NO_COLOR: '1',
    ...extra,
  };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
