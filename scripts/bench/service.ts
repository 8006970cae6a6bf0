import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { lineWith } from './line-with.ts';
import { makeManyFaults } from './many-faults.ts';
import { median, type Row } from './table.ts';

const STARTS = 4;
/** By then the garbage of the start is collected. */
const REST_MS = 30_000;
/** Over two of the sweeps that `up` makes by itself, looked at once a second. */
const LOOKS = 60;

/** `selfheal up`: warm start to ready, and memory at rest with its Temporal server. */
export async function runServiceBench(folder: string): Promise<Row[]> {
  const { repo } = await makeManyFaults(folder, 1);
  const starts: number[] = [];
  let memory: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const last = start === STARTS - 1;
    const measured = await startOnce(repo, last);
    // The first start builds the workflow bundle and the database: it is the cold one.
    if (start > 0) starts.push(measured.readyMs);
    if (last) memory = measured.megabytes;
  }
  return [
    { what: `start of up to ready, warm, median of ${starts.length}`, value: median(starts) / 1_000, unit: 's', bound: 5 },
    { what: `memory of up with its Temporal server at rest, median of ${LOOKS} s`, value: median(memory), unit: 'MB', bound: 600 },
    { what: '  at most, while it sweeps', value: Math.max(...memory), unit: 'MB' },
  ];
}

async function startOnce(repo: string, measure: boolean): Promise<{ readyMs: number; megabytes: number[] }> {
  const started = performance.now();
  const command = join(import.meta.dirname, '../../packages/cli/bin/selfheal.js');
  const child = execa(process.execPath, [command, 'up', '--repo', repo], {
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  await lineWith(child.stderr, 'selfheal watches');
  const readyMs = performance.now() - started;
  const megabytes: number[] = [];
  if (measure && child.pid !== undefined) {
    await delay(REST_MS);
    while (megabytes.length < LOOKS) {
      megabytes.push(await residentMegabytes(child.pid));
      await delay(1_000);
    }
  }
  child.kill('SIGTERM');
  await child;
  return { readyMs, megabytes };
}

/** Resident memory of a process and all its descendants, from /proc. */
async function residentMegabytes(root: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) parents.set(Number(entry), parent);
  }
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
    }
  }
  let kilobytes = 0;
  for (const pid of family) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kilobytes / 1_024;
}
