import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord, parsed } from '../cache/json-shape.ts';
import { type BuildChange, changesFile } from './change-stream.ts';

const POLL_MS = 100;

/**
 * The changes of the newest build, from its beginning, as they come; ends with the build, or where its process is gone. Undefined where no
 * build has told of any.
 */
export async function followChanges(folder: string, signal: AbortSignal): Promise<AsyncGenerator<BuildChange> | undefined> {
  const file = await newestFile(join(folder, 'runs'));
  return file === undefined ? undefined : changesOf(file, signal);
}

async function newestFile(runs: string): Promise<string | undefined> {
  for (const id of (await readdir(runs).catch(() => [])).sort().reverse()) {
    const file = changesFile(join(runs, id));
    if ((await stat(file).catch(() => undefined)) !== undefined) return file;
  }
  return undefined;
}

/** A file is asked for its length, for notices of changes are lost on some file systems. */
async function* changesOf(file: string, signal: AbortSignal): AsyncGenerator<BuildChange> {
  await using handle = await open(file);
  let pid = process.pid;
  let rest = Buffer.alloc(0);
  for (let at = 0, isLast = false; !signal.aborted; ) {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - at)), 0, size - at, at);
    at += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = rest.lastIndexOf('\n') + 1;
    for (const line of rest.toString('utf8', 0, end).split('\n')) {
      const change = parsed(line);
      if (!isChange(change)) continue;
      if (change.kind === 'begun') pid = change.pid;
      yield change;
      if (change.kind === 'over') return;
    }
    rest = rest.subarray(end);
    if (bytesRead > 0) continue;
    // What it wrote last may have come between the look at the file and the look at the process.
    if (isLast) return;
    isLast = !isAlive(pid);
    if (!isLast) await delay(POLL_MS);
  }
}

/** Lines are written by `ChangeStream` alone, so a whole one has all parts. */
function isChange(value: unknown): value is BuildChange {
  return isRecord(value) && typeof value.kind === 'string' && typeof value.at === 'number';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
