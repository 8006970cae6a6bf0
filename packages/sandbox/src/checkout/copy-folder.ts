import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeEtc } from '../confine/plan.ts';

/** Folders of one private copy: the tree itself, our report files, the made-up /etc. */
export interface CopyFolder {
  readonly path: string;
  readonly tree: string;
  readonly out: string;
  readonly etc: string;
  /** Home of an unconfined run; a confined one has its own in memory. */
  readonly home: string;
}

/**
 * Makes a new folder for a copy under `parent`. Its name carries our process id and that process's start time, so that a later start
 * can tell a copy in use from one whose owner was killed.
 */
export async function makeCopyFolder(parent: string): Promise<CopyFolder> {
  await mkdir(parent, { recursive: true });
  // Without links in it, as that is how runners name their files.
  const path = join(await realpath(parent), `${process.pid}-${await startTime(process.pid)}-${randomBytes(5).toString('hex')}`);
  const folder = { path, tree: join(path, 'tree'), out: join(path, 'out'), etc: join(path, 'etc'), home: join(path, 'home') };
  for (const inner of [folder.tree, folder.out, folder.home]) await mkdir(inner, { recursive: true });
  await writeEtc(folder.etc);
  return folder;
}

/** Removes the copies of processes that are gone. */
export async function sweepCopyFolders(parent: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, start] = /^(\d+)-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
    if (pid === undefined || (await isSameProcess(Number(pid), start ?? ''))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function isSameProcess(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return String(await startTime(pid)) === start;
}

/** Start of a process in clock ticks since boot (field 22 of /proc/PID/stat); 0 where there is no /proc. */
async function startTime(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field, the program's name, may hold spaces and brackets: count from its end.
  return text === undefined ? 0 : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}
