import { type BranchOutcome, mergedFlow, runBranches } from './branches.ts';
import { type BeatPlace, beatError, failureOf, recordFailure } from './failure.ts';
import { join, remember } from './memory.ts';
import type { ParallelBeat } from './plan.ts';
import type { Flow, Place, Work } from './run.ts';

/**
 * Runs branches at the same time; what they wrote is joined in the order of the document. The output `{ branches }` says of
 * each whether it completed or failed.
 */
export async function runParallel<P extends Place>(
  beat: BeatPlace & Pick<ParallelBeat, 'strategy' | 'concurrency'>,
  branches: readonly Work<P>[],
  place: P,
): Promise<Flow> {
  const options = { limit: beat.concurrency ?? branches.length, failFast: beat.strategy === 'all' };
  const outcomes = await runBranches(branches, place, options, (work, branch) => work(branch));
  const flow = mergedFlow(outcomes);
  const failed = outcomes.filter((outcome): outcome is Extract<BranchOutcome, { error: unknown }> => 'error' in outcome);
  if (beat.strategy === 'any' && failed.length > 0 && failed.length === outcomes.length) throw failed[0]?.error;
  if (flow.go !== 'end') {
    for (const { error } of failed) {
      const failure = beatError(error, beat, place.run.plan);
      recordFailure(place, failureOf(failure, beat, place.movement));
    }
  }
  for (const outcome of outcomes) if ('flow' in outcome) join(place.memory, outcome.memory);
  remember(place.memory, beat.id, { branches: outcomes.map((outcome) => ('flow' in outcome ? 'completed' : 'failed')) }, null);
  return flow;
}
