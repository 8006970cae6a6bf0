import { allBeats } from './interpreter/all-beats.ts';
import type { BeatPlan, Diagnostic, SequenceBeat, SequencePlan } from './interpreter/plan.ts';
import { topologicalOrder } from './interpreter/topological-order.ts';
import { nearestName } from './nearest.ts';
import { freezeDeep } from './reader/freeze.ts';

/** Checks sequences against each other: every child that a beat names exists, and no sequences call each other in a circle. */
export function checkPlans(plans: readonly SequencePlan[]): Diagnostic[] {
  const ids = plans.map(({ id }) => id);
  const unknown = plans.flatMap((plan) =>
    childBeats(plan)
      .filter((beat) => !ids.includes(beat.sequence))
      .map((beat) => unknownChild(plan, beat, ids)),
  );
  return [...unknown, ...circles(plans)];
}

/**
 * The plan with the plans of all sequences that it calls, directly or through others, so that it can travel alone.
 * Children that are not among `plans` are left to the runtime.
 */
export function linkPlans(plan: SequencePlan, plans: readonly SequencePlan[]): SequencePlan {
  const children: Record<string, SequencePlan> = {};
  const open = [plan];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { sequence } of childBeats(next)) {
      const child = plans.find(({ id }) => id === sequence);
      if (!child || Object.hasOwn(children, sequence)) continue;
      children[sequence] = child;
      open.push(child);
    }
  }
  return Object.keys(children).length === 0 ? plan : freezeDeep({ ...plan, children });
}

function childBeats(plan: SequencePlan): SequenceBeat[] {
  return allBeats(plan).filter((beat) => beat.form === 'sequence');
}

function unknownChild(plan: SequencePlan, beat: SequenceBeat, ids: readonly string[]): Diagnostic {
  const nearest = nearestName(beat.sequence, ids);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  const message = `the sequence "${beat.sequence}" is not known${hint}`;
  return {
    ...placeOf(plan, beat),
    code: 'SEQUENCE_UNKNOWN',
    message,
    expected: `one of ${ids.join(', ')}`,
    ...(nearest !== undefined && { nearest }),
  };
}

/** One circle is named at a time: the next shows when the first is broken. */
function circles(plans: readonly SequencePlan[]): Diagnostic[] {
  const nodes = plans.map((plan) => ({ id: plan.id, plan, dependsOn: childBeats(plan).map(({ sequence }) => sequence) }));
  const { circle } = topologicalOrder(nodes);
  const plan = plans.find(({ id }) => id === circle?.[0]);
  const beat = plan && childBeats(plan).find(({ sequence }) => sequence === circle?.[1]);
  if (!circle || !plan || !beat) return [];
  return [
    { ...placeOf(plan, beat), code: 'SEQUENCE_CYCLE', message: `these sequences call each other in a circle: ${circle.join(' → ')}` },
  ];
}

function placeOf(plan: SequencePlan, beat: BeatPlan): Omit<Diagnostic, 'code' | 'message'> {
  return { severity: 'error', file: plan.source, ...beat.at, path: beat.id };
}
