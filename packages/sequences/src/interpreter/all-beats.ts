import type { BeatPlan, SequencePlan } from './plan.ts';

/** All beats of a plan, nested ones included, in the order of the document. */
export function allBeats(plan: SequencePlan): BeatPlan[] {
  return plan.movements.flatMap(({ beats }) => beats.flatMap(withNested));
}

function withNested(beat: BeatPlan): BeatPlan[] {
  return [beat, ...nestedIn(beat).flatMap(withNested)];
}

/** Beats directly within one. */
export function nestedIn(beat: BeatPlan): readonly BeatPlan[] {
  switch (beat.form) {
    case 'if':
      return [...beat.onTrue, ...beat.onFalse];
    case 'parallel':
      return beat.branches.flat();
    case 'forEach':
      return beat.beats;
    case 'graph':
      return beat.nodes.map((node) => node.beat);
    default:
      return [];
  }
}
