import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Lets one build at a time work on a workspace: two would write the same outputs. Waits for the other to end, and takes over from one that
 * was killed. `onWait` is told once, with the number of the process that builds. Gives what releases it; undefined where the wait was
 * cancelled.
 */
export async function lockBuild(
  folder: string,
  signal: AbortSignal,
  onWait: (pid: number) => void,
): Promise<(() => Promise<void>) | undefined> {
  const file = join(folder, 'lock');
  const mine = identity(process.pid);
  for (let told = false; !signal.aborted; await delay(POLL_MS)) {
    if (await tryWrite(file, mine)) return () => rm(file, { force: true });
    const owner = await readFile(file, 'utf8').catch(() => '');
    if (isAlive(owner)) {
      if (!told) onWait(Number.parseInt(owner, 10));
      told = true;
    } else if (owner !== '') await putAside(file, owner);
  }
  return undefined;
}

async function tryWrite(file: string, owner: string): Promise<boolean> {
  return writeFile(file, owner, { flag: 'wx' }).then(
    () => true,
    async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      // On a full disk it is there, and empty: everybody would wait for nobody.
      await rm(file, { force: true });
      throw error;
    },
  );
}

/** Another may have done so first and hold the lock by now: then it gets it back. */
async function putAside(file: string, dead: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readFile(aside, 'utf8').catch(() => dead);
  if (taken !== dead) await tryWrite(file, taken);
  await rm(aside, { force: true });
}

/** Number and start of a process, for numbers are used again. */
function identity(pid: number): string {
  return `${pid} ${startOf(pid)}`;
}

function isAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  if (!(pid > 0) || owner !== identity(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** In clock ticks since boot (proc(5), field 22 of stat); 0 where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}
