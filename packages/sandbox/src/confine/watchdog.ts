import { readdirSync, readFileSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface Limits {
  readonly memoryMb: number;
  readonly processes: number;
  /** How much the checkout may grow on disk. */
  readonly diskMb: number;
}

/** Often at first, when a run shows what it is; then rarely enough to cost nothing. */
const INTERVAL_MS = { first: 50, last: 250 };
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
    for (let interval = INTERVAL_MS.first; !ended; interval = Math.min(interval * 1.1, INTERVAL_MS.last)) {
      const reason = processesOver(pid, limits) ?? (await diskOver(folder, freeAtStart, limits));
      if (ended) return;
      if (reason !== undefined) return stop(reason);
      await new Promise((resolve) => setTimeout(resolve, interval).unref());
    }
  };
  // What is measured vanishes as processes end; a failed look is not a failed run.
  loop().catch(() => undefined);
  return () => {
    ended = true;
  };
}

function processesOver(pid: number, limits: Limits): string | undefined {
  const tree = processTree(pid, limits.processes);
  if (tree.length > limits.processes) return `more than ${limits.processes} processes`;
  const memory = tree.reduce((sum, one) => sum + privateMb(one), 0);
  return memory > limits.memoryMb ? `more than ${limits.memoryMb} MB of memory` : undefined;
}

async function diskOver(folder: string, freeAtStart: number, limits: Limits): Promise<string | undefined> {
  // The file system's free space is cheap to read; only where it fell that far is the folder itself measured.
  if (freeAtStart - (await freeMb(folder)) <= limits.diskMb) return undefined;
  return (await folderMb(folder, limits.diskMb)) > limits.diskMb ? `more than ${limits.diskMb} MB written` : undefined;
}

/** Ids of a process and its descendants, as soon as there are more than `most`, only so many. */
export function processTree(pid: number, most = Number.POSITIVE_INFINITY): number[] {
  const found = [pid];
  for (let next = 0; next < found.length && found.length <= most; next += 1) {
    const tasks = `/proc/${found[next]}/task`;
    for (const task of quietly(() => readdirSync(tasks)) ?? []) {
      const children = quietly(() => readFileSync(`${tasks}/${task}/children`, 'utf8')) ?? '';
      for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
    }
  }
  return found;
}

/** Resident memory that is not shared with files: what the process really takes. */
function privateMb(pid: number): number {
  const text = quietly(() => readFileSync(`/proc/${pid}/statm`, 'utf8')) ?? '';
  const [, resident = 0, shared = 0] = text.split(' ').map(Number);
  return ((resident - shared) * PAGE_BYTES) / MB;
}

/** The kernel answers reads of /proc from memory: waiting for a thread to do them costs more than doing them. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
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
