import type { Handler } from '@selfheal/contracts';
import { searchCandidates as search } from '@selfheal/repair';

/**
 * fix.generate, movement "search" (the extra beat: it runs code): the first pair of test and candidate that holds.
 * Reads: the repository at the diagnosed commit, in the sandbox. Writes: where nothing is found, the incident's status `no_fix` and why.
 * Failures: CANCELLED, SANDBOX_*, RUNNER_*, REPO_INSTALL_FAILED.
 */
export const searchCandidates: Handler<'searchCandidates'> = async (input, { sandbox, beat, project, records, clock }) => {
  const result = await search(input, { sandbox, beat, maxTrials: project.config.policy.maxCandidates, now: () => clock.now() });
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
