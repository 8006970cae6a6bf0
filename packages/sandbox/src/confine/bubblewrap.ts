import type { Mount } from './plan.ts';

/** What one version of bubblewrap can do; older ones lack some options. */
export interface BubblewrapAbilities {
  readonly disableUserns: boolean;
  readonly size: boolean;
}

/** Descriptors that bubblewrap is given. */
export interface BubblewrapDescriptors {
  /** Where it reads the filter of system calls. */
  readonly filter?: number;
  /** Where it tells the process that will be the command, and where it waits for a byte before it becomes that. */
  readonly hold?: { readonly tells: number; readonly waits: number };
}

/**
 * Arguments that confine a command with bubblewrap: all namespaces new, no network, no capability, an unprivileged uid also where the
 * caller is root, no nested user namespaces, an own session, and the end of the caller ends it too.
 */
export function bubblewrapArguments(
  mounts: readonly Mount[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  abilities: BubblewrapAbilities,
  { filter, hold }: BubblewrapDescriptors = {},
): string[] {
  const args = ['--unshare-all', '--unshare-user', '--uid', '65534', '--gid', '65534', '--hostname', 'sandbox', '--cap-drop', 'ALL'];
  args.push('--new-session', '--die-with-parent', '--clearenv');
  if (abilities.disableUserns) args.push('--disable-userns');
  if (filter !== undefined) args.push('--seccomp', String(filter));
  if (hold !== undefined) args.push('--info-fd', String(hold.tells), '--block-fd', String(hold.waits));
  for (const [name, value] of Object.entries(env)) args.push('--setenv', name, value);
  args.push('--proc', '/proc', '--dev', '/dev');
  for (const mount of mounts) args.push(...mountArguments(mount, abilities));
  // The kernel's settings are files of root's below /proc/sys, and where the caller is root the command still owns them.
  args.push('--remount-ro', '/proc', '--remount-ro', '/', '--chdir', cwd, '--');
  return args;
}

function mountArguments(mount: Mount, abilities: BubblewrapAbilities): string[] {
  switch (mount.kind) {
    case 'read':
      return ['--ro-bind', mount.from, mount.to];
    case 'write':
      return ['--bind', mount.from, mount.to];
    case 'memory':
      return [...(abilities.size ? ['--size', String(mount.bytes)] : []), '--tmpfs', mount.to];
    case 'folder':
      return ['--dir', mount.to];
    case 'link':
      return ['--symlink', mount.target, mount.to];
  }
}
