import { SelfhealError } from '@selfheal/contracts/errors';
import { mergedFlow, runBranches } from './branches.ts';
import { describe, mapValue } from './mapping.ts';
import { lastOutput, remember, scopeOf } from './memory.ts';
import { isReference } from './path.ts';
import type { ForEachBeat } from './plan.ts';
import type { Flow, Place } from './run.ts';

/** Runs its beats once for each item; the output is `{ results }` in the order of the items. */
export async function runForEach(beat: ForEachBeat, place: Place): Promise<Flow> {
  const now = (): number => place.run.runtime.now();
  const items = itemsOf(beat, mapValue(beat.items, scopeOf(place.memory, now()), 'forEach'));
  const locals = (index: number): Record<string, unknown> => ({ [beat.as]: items[index], [`${beat.as}Index`]: index });
  const options = { limit: beat.concurrency, failFast: true, locals };
  const outcomes = await runBranches(items, place, options, (_item, branch) => place.runList(beat.beats, branch));
  const flow = mergedFlow(outcomes);
  const results = outcomes.map(({ memory }) =>
    beat.output === undefined ? lastOutput(memory) : mapValue(beat.output, scopeOf(memory, now()), 'output'),
  );
  remember(place.memory, beat.id, { results: results.map((result) => result ?? null) });
  return flow;
}

function itemsOf(beat: ForEachBeat, items: unknown): readonly unknown[] {
  if (Array.isArray(items)) return items;
  const source = typeof beat.items === 'string' ? beat.items : 'its value';
  const found = isReference(items) ? 'a reference to stored data' : items === undefined ? 'nothing there' : describe(items);
  throw new SelfhealError('BEAT_INPUT_INVALID', `forEach needs a list at ${source}, found ${found}`);
}
