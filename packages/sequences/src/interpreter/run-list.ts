import type { BeatPlan } from './plan.ts';
import { type Flow, ON, type PlannedPlace } from './run.ts';
import { runBeat } from './run-beat.ts';

/** Runs beats in order. A jump to a beat of this list is taken here, any other is handed to the list around it. */
export async function runList(beats: readonly BeatPlan[], place: PlannedPlace): Promise<Flow> {
  let at = 0;
  for (let beat = beats[at]; beat !== undefined; beat = beats[at]) {
    const flow = await runBeat(beat, place);
    if (flow.go === 'end') return flow;
    if (flow.go === 'on') at += 1;
    else {
      at = beats.findIndex((candidate) => candidate.id === flow.target);
      if (at === -1) return flow;
    }
  }
  return ON;
}
