import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';

/** What stands before the words of a command so that below `root` it can write in some folders alone. */
export type WriteConfinement = (root: string, writable: readonly string[]) => readonly string[];

/**
 * Finds what keeps a command from writing elsewhere in a folder, by really running one: bubblewrap, else mount namespaces of util-linux.
 * All else of the machine is as it is, the network, too: this keeps tasks apart, it does not hold hostile code. Paths are absolute.
 * Fails with SANDBOX_MISSING.
 */
export async function findWriteConfinement(): Promise<WriteConfinement> {
  const reasons: string[] = [];
  for (const confine of [byBubblewrap, byNamespaces]) {
    const [file = 'false', ...args] = [...confine('/usr', []), 'true'];
    const { failed, stderr, shortMessage } = await execa(file, args, { reject: false, timeout: 10_000 });
    if (!failed) return confine;
    reasons.push(`${file}: ${stderr?.trim().split('\n').at(-1) || shortMessage}`);
  }
  throw new SelfhealError('SANDBOX_MISSING', reasons.join('; '));
}

export const byBubblewrap: WriteConfinement = (root, writable) => [
  'bwrap',
  '--die-with-parent',
  ...['--dev-bind', '/', '/', '--ro-bind', root, root],
  ...writable.flatMap((path) => ['--bind', path, path]),
  '--',
];

/**
 * A bind mount takes its flags from a second mount. The folder a command starts in is entered anew: it would still be that of before, and
 * with it all that `..` leads to.
 */
const MOUNTS = `mount --rbind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 126
shift
while [ "$1" != -- ]; do mount --bind "$1" "$1" && mount -o remount,bind,rw "$1" || exit 126; shift; done
shift
cd "$PWD" && exec "$@"`;

export const byNamespaces: WriteConfinement = (root, writable) => [
  'unshare',
  ...['--user', '--map-root-user', '--mount', '--propagation', 'private'],
  ...['sh', '-c', MOUNTS, 'sh', root, ...writable, '--'],
];
