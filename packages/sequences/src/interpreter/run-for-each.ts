import { SelfhealError } from '@selfheal/contracts/errors';
import { mergedFlow, runBranches } from './branches.ts';
import { describe } from './mapping.ts';
import { lastOutput, remember } from './memory.ts';
import { isReference } from './path.ts';
import type { ForEachBeat } from './plan.ts';
import type { Flow, Place, Work } from './run.ts';

/** What is run for each item, and what of it is kept: by default the output of the last beat. */
export interface ForEachWork<P extends Place> {
  readonly work: Work<P>;
  readonly output?: (place: P) => unknown;
}

/** Runs work once for each item of `list`; the output is `{ results }` in the order of the items. `source` names the list in messages. */
export async function runForEach<P extends Place>(
  beat: Pick<ForEachBeat, 'id' | 'as' | 'concurrency'>,
  { list, source }: { readonly list: unknown; readonly source: unknown },
  { work, output }: ForEachWork<P>,
  place: P,
): Promise<Flow> {
  const items = itemsOf(source, list);
  const locals = (index: number): Record<string, unknown> => ({ [beat.as]: items[index], [`${beat.as}Index`]: index });
  const options = { limit: beat.concurrency, failFast: true, locals };
  const outcomes = await runBranches(items, place, options, (_item, branch) => work(branch));
  const flow = mergedFlow(outcomes);
  const results = outcomes.map(({ memory }) => (output === undefined ? lastOutput(memory) : output({ ...place, memory })));
  remember(place.memory, beat.id, { results: results.map((result) => result ?? null) });
  return flow;
}

function itemsOf(from: unknown, items: unknown): readonly unknown[] {
  if (Array.isArray(items)) return items;
  const source = typeof from === 'string' ? from : 'its value';
  const found = isReference(items) ? 'a reference to stored data' : items === undefined ? 'nothing there' : describe(items);
  throw new SelfhealError('BEAT_INPUT_INVALID', `forEach needs a list at ${source}, found ${found}`);
}
