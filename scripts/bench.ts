/**
 * `npm run bench`: the figures of the design, measured on this machine. Times are medians of several runs; where a bound is given it is
 * printed beside the figure. Nothing here fails a build: a figure is for people to compare. `npm run bench -- PART...` runs the named
 * parts; without names, all but the long ones.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runAiBench } from './bench/ai.ts';
import { runBuildKillBench } from './bench/build/kill-builds.ts';
import { runBuildBench } from './bench/build/speed.ts';
import { runDemoBench } from './bench/demo.ts';
import { runIncidentBench } from './bench/incidents.ts';
import { runIndexBench } from './bench/index-codebase.ts';
import { runIntegrityBench } from './bench/integrity.ts';
import { runMutantBench } from './bench/mutants.ts';
import { runNabBench } from './bench/nab.ts';
import { runNezhaBench } from './bench/nezha.ts';
import { runOtlpBench } from './bench/otlp-kill.ts';
import { runRecorderBench } from './bench/recorder.ts';
import { runRedactBench } from './bench/redact.ts';
import { runRepairBench } from './bench/repair.ts';
import { runSandboxBench } from './bench/sandbox.ts';
import { runServiceBench } from './bench/service.ts';
import type { Row } from './bench/table.ts';
import { printTable } from './bench/table.ts';
import { runTelemetryBench } from './bench/telemetry.ts';
import { runMemoryBench } from './bench/telemetry-memory.ts';
import { runTemplatesBench } from './bench/templates.ts';

const PARTS: Readonly<Record<string, (folder: string, data: string) => Promise<Row[]>>> = {
  service: runServiceBench,
  heal: runIncidentBench,
  demo: runDemoBench,
  otlp: runOtlpBench,
  redact: runRedactBench,
  integrity: runIntegrityBench,
  sandbox: runSandboxBench,
  telemetry: runTelemetryBench,
  'telemetry-memory': runMemoryBench,
  nab: runNabBench,
  nezha: runNezhaBench,
  templates: runTemplatesBench,
  recorder: runRecorderBench,
  repair: runRepairBench,
  mutants: runMutantBench,
  index: runIndexBench,
  build: runBuildBench,
  'build-kill': runBuildKillBench,
  ai: runAiBench,
};

/** Minutes each: run where they are named. */
const LONG = ['build', 'build-kill', 'otlp', 'telemetry-memory', 'recorder', 'repair', 'mutants'];

// Parts come first; options behind them are read by the part itself, but for the folder of data, which many have.
const given = process.argv.slice(2);
const options = given.findIndex((word) => word.startsWith('--'));
const positionals = options < 0 ? given : given.slice(0, options);
const { values } = parseArgs({ strict: false, options: { data: { type: 'string' } } });
/** Public data sets are not part of this repository: they are looked for beside it. */
const data = typeof values.data === 'string' ? values.data : join(import.meta.dirname, '../../shared/data');
const chosen = positionals.length === 0 ? Object.keys(PARTS).filter((name) => !LONG.includes(name)) : positionals;
const folder = await mkdtemp(join(tmpdir(), 'selfheal-bench-'));
try {
  for (const name of chosen) {
    const run = PARTS[name];
    if (run === undefined) throw new TypeError(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
    process.stderr.write(`${name} ...\n`);
    printTable(name, await run(folder, data));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
