import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The file that takes what a host application hands over; telemetry.parse reads it like any other log. */
export function intakePath(dataDir: string): string {
  return join(dataDir, 'intake', 'host.ndjson');
}

/** Appends events or lines and returns when they are on disk. */
export async function appendToIntake(dataDir: string, events: readonly (Record<string, unknown> | string)[]): Promise<void> {
  if (events.length === 0) return;
  const path = intakePath(dataDir);
  await mkdir(dirname(path), { recursive: true });
  const text = events.map((event) => (typeof event === 'string' ? event.replaceAll(/\r?\n/g, '\n') : JSON.stringify(event))).join('\n');
  const file = await open(path, 'a');
  try {
    await file.write(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
