import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A cgroup that holds the number of threads of one run down. */
export interface ProcessGroup {
  /** Put before a command, it starts in the group. */
  readonly enter: readonly string[];
  /** Moves a process into the group; what it starts from then on is in it too. The kernel takes its time for it: some 15 ms. */
  add(pid: number): Promise<void>;
  remove(): Promise<void>;
}

const CGROUPS = '/sys/fs/cgroup';

/**
 * Makes a cgroup with at most so many threads. For root alone: the kernel's per-user limit does not bind it, and a fork bomb grows
 * faster than any watcher can look. Undefined where cgroups are not ours to make; the watchdog is all there is then.
 */
export async function makeProcessGroup(threads: number): Promise<ProcessGroup | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const parent of await parents()) {
    const folder = join(parent, `selfheal-${process.pid}-${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(folder);
      await writeFile(join(folder, 'pids.max'), String(threads));
      return {
        enter: ['/bin/sh', '-c', 'echo $$ > "$0/cgroup.procs"; exec "$@"', folder],
        add: (pid) => writeFile(join(folder, 'cgroup.procs'), String(pid)),
        remove: () => remove(folder),
      };
    } catch {
      await rmdir(folder).catch(() => undefined);
    }
  }
  return undefined;
}

/** Of version 1 the folder of the controller, of version 2 the root where it hands that controller on. */
async function parents(): Promise<string[]> {
  const handedOn = await readFile(join(CGROUPS, 'cgroup.subtree_control'), 'utf8').catch(() => '');
  return [join(CGROUPS, 'pids'), ...(handedOn.split(/\s/).includes('pids') ? [CGROUPS] : [])];
}

/** A group can be removed once its last process is reaped. */
async function remove(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (removed) return;
    await pause(Math.min(2 ** tries, 20));
  }
}
