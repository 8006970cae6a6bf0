import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The file that takes what a host application hands over; telemetry.parse reads it like any other log. */
function intakePath(dataDir: string): string {
  return join(dataDir, 'intake', 'host.ndjson');
}

/** The intake file, made where there is none yet, so that it can be read as a log from the first moment on. */
export async function openIntake(dataDir: string): Promise<string> {
  const path = intakePath(dataDir);
  await mkdir(dirname(path), { recursive: true });
  await (await open(path, 'a')).close();
  return path;
}

/** Appends events or lines and returns when they are on disk. */
export async function appendToIntake(dataDir: string, events: readonly (Record<string, unknown> | string)[]): Promise<void> {
  if (events.length === 0) return;
  const path = await openIntake(dataDir);
  const text = events.map((event) => (typeof event === 'string' ? event.replaceAll(/\r?\n/g, '\n') : JSON.stringify(event))).join('\n');
  const file = await open(path, 'a');
  try {
    await file.write(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
