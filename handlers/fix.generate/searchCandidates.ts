import { join } from 'node:path';
import type { Handler, Ports } from '@selfheal/contracts';
import { type FixModels, searchCandidates as search } from '@selfheal/repair';

/**
 * fix.generate, movement "search" (the extra beat: it runs code): the first pair of test and candidate that holds. Where
 * no template's candidate does, edits of the diagnosed files are searched for, for `policy.searchBudgetMs`; where none of those does either,
 * models are asked (`ai.fixes`).
 * Reads: the repository at the diagnosed commit, in the sandbox. Writes: where nothing is found, the incident's status `no_fix` and why;
 * while edits are tried, their outcomes, so that a retry goes on where it was.
 * Failures: CANCELLED, SANDBOX_*, RUNNER_*, REPO_INSTALL_FAILED.
 */
export const searchCandidates: Handler<'searchCandidates'> = async (input, ports) => {
  const { sandbox, beat, project, records, clock, codebase } = ports;
  const { maxCandidates, minRepairConfidence, searchBudgetMs } = project.config.policy;
  const result = await search(input, {
    sandbox,
    beat,
    maxTrials: maxCandidates,
    now: () => clock.now(),
    sources: () => codebase.snapshot(input.diagnosis.commit),
    edits: { budgetMs: searchBudgetMs, minConfidence: minRepairConfidence, journals: join(project.dataDir, 'repair') },
    models: modelsOf(ports),
  });
  if (!result.found) {
    await records.update('incident', input.diagnosis.incidentId, (incident) => ({
      ...incident,
      status: 'no_fix',
      reason: result.why,
      updatedAt: clock.now(),
    }));
  }
  return result;
};

function modelsOf({ beat, fixProposers, project: { config } }: Ports): FixModels | undefined {
  const { rounds, budgetMs } = config.ai.fixes;
  if (fixProposers === undefined) return undefined;
  return { proposers: fixProposers, key: beat.key, workflowId: beat.workflowId, rounds, budgetMs, policy: config.policy };
}
