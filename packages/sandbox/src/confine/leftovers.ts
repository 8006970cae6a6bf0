import { readdir, readFile } from 'node:fs/promises';

/** Kills every process whose environment holds `variable` (`NAME=value`). Where there is no /proc it finds none. */
export async function killMarked(variable: string): Promise<void> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (environment.split('\0').includes(variable)) killQuietly(Number(pid));
    }),
  );
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
