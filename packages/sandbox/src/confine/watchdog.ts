import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface Limits {
  readonly memoryMb: number;
  readonly processes: number;
  /** How much the checkout may grow on disk. */
  readonly diskMb: number;
}

const INTERVAL_MS = 50;
const PAGE_BYTES = 4096;
const MB = 1 << 20;

/**
 * Watches the process tree of `pid` and calls `stop` with the reason once it is over a limit. Neither prlimit (ignored for root, and
 * address-space limits break Node) nor cgroups (often read-only in containers) can be relied on, so the tree itself is measured.
 * Returns a function that ends the watch.
 */
export function watchLimits(pid: number, folder: string, limits: Limits, stop: (reason: string) => void): () => void {
  let ended = false;
  const loop = async (): Promise<void> => {
    const freeAtStart = await freeMb(folder);
    for (;;) {
      if (ended) return;
      const reason = await overLimit(pid, folder, freeAtStart, limits);
      if (ended) return;
      if (reason !== undefined) return stop(reason);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS).unref());
    }
  };
  // What is measured vanishes as processes end; a failed look is not a failed run.
  loop().catch(() => undefined);
  return () => {
    ended = true;
  };
}

async function overLimit(pid: number, folder: string, freeAtStart: number, limits: Limits): Promise<string | undefined> {
  const tree = await processTree(pid, limits.processes);
  if (tree.length > limits.processes) return `more than ${limits.processes} processes`;
  const memory = (await Promise.all(tree.map(privateMb))).reduce((sum, mb) => sum + mb, 0);
  if (memory > limits.memoryMb) return `more than ${limits.memoryMb} MB of memory`;
  // The file system's free space is cheap to read; only where it fell that far is the folder itself measured.
  if (freeAtStart - (await freeMb(folder)) > limits.diskMb && (await folderMb(folder, limits.diskMb)) > limits.diskMb) {
    return `more than ${limits.diskMb} MB written`;
  }
  return undefined;
}

/** Ids of a process and its descendants, as soon as there are more than `most`, only so many. */
export async function processTree(pid: number, most = Number.POSITIVE_INFINITY): Promise<number[]> {
  const found = [pid];
  for (let next = 0; next < found.length && found.length <= most; next += 1) {
    const tasks = await readdir(`/proc/${found[next]}/task`).catch(() => []);
    for (const task of tasks) {
      const children = await readFile(`/proc/${found[next]}/task/${task}/children`, 'utf8').catch(() => '');
      for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
    }
  }
  return found;
}

/** Resident memory that is not shared with files: what the process really takes. */
async function privateMb(pid: number): Promise<number> {
  const [, resident = 0, shared = 0] = (await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')).split(' ').map(Number);
  return ((resident - shared) * PAGE_BYTES) / MB;
}

async function freeMb(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / MB;
}

async function folderMb(folder: string, most: number): Promise<number> {
  let mb = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) mb += await folderMb(path, most - mb);
    else if (entry.isFile()) mb += ((await stat(path).catch(() => undefined))?.blocks ?? 0) / 2048;
    if (mb > most) return mb;
  }
  return mb;
}
