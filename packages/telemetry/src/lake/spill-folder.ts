import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** No query runs for a day: what is older was left by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/** A folder of this process for what DuckDB spills: its files have fixed names, and two processes would overwrite each other's. */
export async function makeSpillFolder(lakeDir: string): Promise<string> {
  const parent = join(lakeDir, '.spill');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
  const own = join(parent, `${process.pid}-${randomBytes(6).toString('hex')}`);
  await mkdir(own, { mode: 0o700 });
  return own;
}
