import { nestedIn } from './all-beats.ts';
import type { AiRemediationPlan, BeatPlan, HandlerBeat, SequencePlan } from './plan.ts';

/** The handler beats that are remediated, each with what it says itself, else what the beat around it says. */
export function remediatedBeats(plan: SequencePlan): ReadonlyMap<HandlerBeat, AiRemediationPlan> {
  const found = new Map<HandlerBeat, AiRemediationPlan>();
  for (const { beats } of plan.movements) for (const beat of beats) collect(beat, undefined, found);
  return found;
}

function collect(beat: BeatPlan, around: AiRemediationPlan | undefined, found: Map<HandlerBeat, AiRemediationPlan>): void {
  const own = beat.aiRemediation ?? around;
  if (beat.form === 'handler' && own?.enabled === true) found.set(beat, own);
  for (const inner of nestedIn(beat)) collect(inner, own, found);
}
