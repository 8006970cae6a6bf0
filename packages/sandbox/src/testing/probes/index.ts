import type { RunResult } from '@selfheal/contracts';
import { type CopyFolder, makeCopyFolder } from '../../checkout/copy-folder.ts';
import { confinedEnvironment, systemMounts } from '../../confine/plan.ts';
import { runConfined } from '../../confine/run.ts';
import type { ConfinementTool } from '../../confine/tool.ts';
import { fileProbes } from './files.ts';
import { kernelProbes } from './kernel.ts';
import { networkProbes } from './network.ts';
import { type Probe, type ProbedHost, runProbe, type Verdict } from './probe.ts';
import { processProbes } from './processes.ts';
import { resourceProbes } from './resources.ts';

export { openProbedHost } from './host.ts';
export type { Probe, ProbedHost, Verdict } from './probe.ts';

/** Every attempt to get out of a confined run, by what it aims at. */
export const escapeProbes: Readonly<Record<string, readonly Probe[]>> = {
  files: fileProbes,
  processes: processProbes,
  network: networkProbes,
  kernel: kernelProbes,
  resources: resourceProbes,
};

const LIMITS = { memoryMb: 1_000, processes: 64, diskMb: 256 };

/** A copy's folder to run probes in. */
export async function openProbeCopy(parent: string): Promise<CopyFolder> {
  return makeCopyFolder(parent);
}

/** Runs one probe under a kind of confinement, as tests are run. */
export async function tryEscape(probe: Probe, host: ProbedHost, copy: CopyFolder, tool: ConfinementTool): Promise<Verdict> {
  return runProbe(probe, host, (argv, options) => runConfinedProgram(argv, copy, tool, options));
}

/** Runs a program as tests are run. */
export async function runConfinedProgram(
  argv: readonly string[],
  copy: CopyFolder,
  tool: ConfinementTool,
  options: NonNullable<Probe['run']> = {},
): Promise<RunResult> {
  return runConfined(tool, {
    argv,
    cwd: copy.tree,
    env: await confinedEnvironment([]),
    mounts: [...(await systemMounts(copy.etc)), { kind: 'write', from: copy.tree, to: copy.tree }],
    limits: LIMITS,
    timeoutMs: 20_000,
    ...options,
  });
}
