import { join } from 'node:path';
import type { TestRunner } from '@selfheal/contracts';
import { openTrialJournal } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { loadSelfhealConfig } from '../config/load-config.ts';
import type { RepairReport } from './repair-report.ts';
import type { RepairRequest } from './repair-request.ts';
import { RepairRun } from './repair-run.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

const DEFAULT_SEED = 1;

/**
 * Repairs a repository whose tests fail, or that does not parse or compile, on a private copy: no telemetry, no git needed. Fails with
 * REPO_MISSING, with REPO_NO_TESTS where neither tests nor the compiler can tell right from wrong, and with the errors of the sandbox.
 */
export async function repairRepository(request: RepairRequest): Promise<RepairReport> {
  const leftOut = (request.leaveOut ?? []).map((path) => join(request.repo, path));
  await using snapshot = await takeSnapshot(request.repo, {
    without: [...(request.dataDir === undefined ? [] : [request.dataDir]), ...leftOut],
  });
  const { config } = await loadSelfhealConfig(snapshot.root, {
    ...request.overrides,
    ...(request.test === undefined ? {} : { test: request.test }),
  });
  const sandbox = createSandbox({ root: snapshot.root, dataDir: snapshot.dataDir, config });
  const runner = await sandbox.detectRunner(snapshot.root);
  const least = request.leastConfidence ?? config.policy.minRepairConfidence;
  // Awaited here: the snapshot is gone once this function has returned.
  const seed = request.seed ?? DEFAULT_SEED;
  return await new RepairRun(request, { sandbox, runner, snapshot, least, seed, journal: journalOf(request, snapshot, runner) }).run();
}

function journalOf({ dataDir, seed = DEFAULT_SEED }: RepairRequest, { tree }: Snapshot, runner: TestRunner | undefined) {
  if (dataDir === undefined) return undefined;
  return openTrialJournal(join(dataDir, 'repair'), { state: tree, tests: runner === undefined ? [] : [runner.command], seed });
}
