import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileLock } from '@selfheal/store';
import { openRedaction } from '@selfheal/telemetry';

/** The file that takes what a host application hands over; telemetry.parse reads it like any other log. */
export function intakePath(dataDir: string): string {
  return join(dataDir, 'intake', 'host.ndjson');
}

/** Where telemetry.parse keeps what it has read but not stored yet, and the key of the placeholders of secrets. */
export function journalDir(dataDir: string): string {
  return join(dataDir, 'journal');
}

/**
 * Held by whoever writes to the intake file or puts another in its place: who holds it writes to the file that has the name, so that
 * nothing lands in one that is about to go.
 */
export function withIntakeLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  return withFileLock(join(dataDir, 'intake', 'lock'), work);
}

/** The intake file, made where there is none yet, so that it can be read as a log from the first moment on. */
export async function openIntake(dataDir: string): Promise<string> {
  const path = intakePath(dataDir);
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const draft = await writeFreshIntake(path);
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return path;
}

/** Appends events or lines, without the secrets in them, and returns when they are on disk. */
export async function appendToIntake(dataDir: string, events: readonly (Record<string, unknown> | string)[]): Promise<void> {
  if (events.length === 0) return;
  const path = await openIntake(dataDir);
  const redact = (await openRedaction(journalDir(dataDir)))({});
  const text = events
    .flatMap((event) => (typeof event === 'string' ? event.split(/\r?\n/) : JSON.stringify(event)))
    .map(redact)
    .join('\n');
  await withIntakeLock(dataDir, async () => {
    const file = await open(path, 'a+');
    try {
      await file.appendFile(`${(await endsWithinLine(file)) ? '\n' : ''}${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** A process that died while it wrote left half a line, which was never acknowledged. */
async function endsWithinLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** Puts a new file in the place of the intake file, which then has the name `aside`; both have the name for a moment, neither is ever without. */
export async function startIntakeAnew(path: string, aside: string): Promise<void> {
  const draft = await writeFreshIntake(path);
  await rm(aside, { force: true });
  await link(path, aside);
  await rename(draft, path);
}

/**
 * A new intake file under a name of its own. It begins with a blank line that no other begins with: a reader knows a file by its
 * first bytes, and a host may begin each of its runs with the same line. Blank lines are no events.
 */
async function writeFreshIntake(path: string): Promise<string> {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  const bits = [...randomBytes(16)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${bits.replaceAll('0', ' ').replaceAll('1', '\t')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}
