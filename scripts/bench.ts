/**
 * `npm run bench`: the figures of the design, measured on this machine. Times are medians of several runs; where a bound is given it is
 * printed beside the figure. Nothing here fails a build: a figure is for people to compare.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDemoBench } from './bench/demo.ts';
import { runIncidentBench } from './bench/incidents.ts';
import { runRepairBench } from './bench/repair.ts';
import { runServiceBench } from './bench/service.ts';
import type { Row } from './bench/table.ts';
import { printTable } from './bench/table.ts';

const PARTS: Readonly<Record<string, (folder: string) => Promise<Row[]>>> = {
  service: runServiceBench,
  heal: runIncidentBench,
  demo: runDemoBench,
  repair: runRepairBench,
};

// Parts come first; options behind them are read by the part itself.
const given = process.argv.slice(2);
const options = given.findIndex((word) => word.startsWith('--'));
const positionals = options < 0 ? given : given.slice(0, options);
const chosen = positionals.length === 0 ? Object.keys(PARTS) : positionals;
const folder = await mkdtemp(join(tmpdir(), 'selfheal-bench-'));
try {
  for (const name of chosen) {
    const run = PARTS[name];
    if (run === undefined) throw new TypeError(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
    printTable(name, await run(folder));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
