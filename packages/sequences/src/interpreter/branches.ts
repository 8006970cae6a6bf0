import { SelfhealError } from '@selfheal/contracts/errors';
import { fork, type Memory } from './memory.ts';
import { runPool } from './pool.ts';
import { type Flow, type Lane, type Place, sideLane } from './run.ts';

/** How one of several lists that ran side by side ended. */
export type BranchOutcome = { readonly memory: Memory } & ({ readonly flow: Flow } | { readonly error: unknown });

export interface BranchOptions {
  readonly limit: number;
  /** The first failure ends the others before their next beat, and is thrown. */
  readonly failFast: boolean;
  readonly locals?: (index: number) => Readonly<Record<string, unknown>>;
}

/**
 * Runs `work` for each item in a lane and on a memory of its own; outcomes are in the order of the items.
 * @throws with `failFast` the first failure to happen, after all that was under way has ended; always the engine's cancellation
 */
export async function runBranches<T, P extends Place>(
  items: readonly T[],
  place: P,
  options: BranchOptions,
  work: (item: T, place: P) => Promise<Flow>,
): Promise<BranchOutcome[]> {
  const group: Lane = sideLane(place.lane);
  let first: { readonly error: unknown } | undefined;
  const outcomes = await runPool(items, options.limit, async (item, index): Promise<BranchOutcome> => {
    const memory = fork(place.memory, options.locals?.(index));
    try {
      const flow = await work(item, { ...place, memory, lane: sideLane(group) });
      if (flow.go === 'end') group.ended = true;
      return { memory, flow };
    } catch (error) {
      if (!group.ended && (options.failFast || place.run.runtime.isCancellation?.(error) === true)) {
        first = { error };
        group.ended = true;
      }
      return { memory, error };
    }
  });
  if (first) throw first.error;
  return outcomes;
}

/** What follows branches: the first of them, in order, that ends the sequence decides. */
export function mergedFlow(outcomes: readonly BranchOutcome[]): Flow {
  for (const outcome of outcomes) {
    if (!('flow' in outcome)) continue;
    if (outcome.flow.go === 'to') {
      throw new SelfhealError('SEQUENCE_INVALID', `a branch cannot jump out to the beat "${outcome.flow.target}"`);
    }
    if (outcome.flow.go === 'end') return outcome.flow;
  }
  return { go: 'on' };
}
