import { mapInput } from './mapping.ts';
import { remember, scopeOf } from './memory.ts';
import type { SequenceBeat, SequencePlan } from './plan.ts';
import { type Flow, ON, type PlannedPlace } from './run.ts';

/** Runs another sequence. The output is `{ status, output }`; the fields of the child's output go into the baton. */
export async function runChild(beat: SequenceBeat, place: PlannedPlace): Promise<Flow> {
  const { run, memory } = place;
  const input = beat.input ? mapInput(beat.input, scopeOf(memory, run.runtime.now())) : { ...memory.baton };
  const plan = childPlan(run.plan, beat.sequence);
  const result = await run.runtime.startChild({ sequence: beat.sequence, input, beat: beat.id, ...(plan && { plan }) });
  remember(memory, beat.id, { status: result.status, output: result.output }, result.output);
  return ON;
}

/** A child calls its own children, so it takes the linked plans along. */
function childPlan(parent: SequencePlan, id: string): SequencePlan | undefined {
  const plan = parent.children?.[id];
  return plan && parent.children ? { ...plan, children: parent.children } : undefined;
}
