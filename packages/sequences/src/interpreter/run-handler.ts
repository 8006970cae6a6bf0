import { mapInput } from './mapping.ts';
import { remember, scopeOf } from './memory.ts';
import type { HandlerBeat } from './plan.ts';
import { type Flow, isEnded, ON, type PlannedPlace } from './run.ts';
import type { BeatCall } from './runtime.ts';

/** Calls a handler with its mapped input, or with the baton, and keeps what it returns. */
export async function runHandler(beat: HandlerBeat, place: PlannedPlace): Promise<Flow> {
  const { run, memory } = place;
  const output = await run.runtime.runBeat(callOf(beat, place));
  if (!isEnded(place.lane)) remember(memory, beat.id, output);
  return ON;
}

function callOf(beat: HandlerBeat, { run, memory, movement, ...place }: PlannedPlace): BeatCall {
  const aiRemediation = beat.aiRemediation ?? place.aiRemediation;
  const input = beat.input ? mapInput(beat.input, scopeOf(memory, run.runtime.now())) : { ...memory.baton };
  run.ordinal += 1;
  return {
    sequence: run.plan.id,
    movement,
    beat: beat.id,
    handler: beat.handler,
    kind: beat.kind,
    ...(beat.event !== undefined && { event: beat.event }),
    input,
    ...(beat.timeoutMs !== undefined && { timeoutMs: beat.timeoutMs }),
    ...(beat.retry && { retry: beat.retry }),
    ...(aiRemediation && { aiRemediation }),
    ordinal: run.ordinal,
  };
}
