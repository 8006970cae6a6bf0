import { evaluateCondition } from './condition.ts';
import { remember, scopeOf } from './memory.ts';
import type { IfBeat } from './plan.ts';
import type { Flow, PlannedPlace } from './run.ts';

/** Runs one of two lists; the output `{ branch }` says which. */
export async function runIf(beat: IfBeat, place: PlannedPlace): Promise<Flow> {
  const holds = evaluateCondition(beat.condition, scopeOf(place.memory, place.run.runtime.now()));
  remember(place.memory, beat.id, { branch: holds ? 'then' : 'else' }, null);
  return place.runList(holds ? beat.onTrue : beat.onFalse, place);
}
