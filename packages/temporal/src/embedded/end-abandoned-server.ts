import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/**
 * Ends the server that an engine left behind which was killed: two servers on one database file would corrupt it. The process is only
 * touched when its command line names that very file, for its number may belong to another program by now.
 */
export async function endAbandonedServer(pid: number, dataDir: string): Promise<void> {
  const file = join(dataDir, 'temporal.db');
  if (!(await runs(pid, file))) return;
  process.kill(pid, 'SIGTERM');
  for (const deadline = Date.now() + PATIENCE_MS; await runs(pid, file); await delay(POLL_MS)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
  }
}

async function runs(pid: number, file: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(file);
}
