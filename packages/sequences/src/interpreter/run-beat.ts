import { evaluateCondition } from './condition.ts';
import { mapValue } from './mapping.ts';
import { scopeOf } from './memory.ts';
import type { ApprovalBeat, BeatPlan, ForEachBeat, GraphBeat } from './plan.ts';
import { attempted, guarded } from './policy.ts';
import { type Flow, noticeOnce, type PlannedPlace } from './run.ts';
import { runApproval } from './run-approval.ts';
import { runChild } from './run-child.ts';
import { runForEach } from './run-for-each.ts';
import { runGraph } from './run-graph.ts';
import { runHandler } from './run-handler.ts';
import { runIf } from './run-if.ts';
import { runParallel } from './run-parallel.ts';
import { runGoto, runStop } from './run-stop.ts';
import { runWait } from './run-wait.ts';

/**
 * Runs one beat under its policy: condition, delay, retry, time limit, error handling.
 * @throws the beat's error, with its place, unless the beat says `continue`
 */
export async function runBeat(beat: BeatPlan, place: PlannedPlace): Promise<Flow> {
  const { when, ...guard } = beat;
  const holds = when && { when: () => evaluateCondition(when, scopeAt(place)) };
  return guarded({ ...guard, ...holds }, place, async () => {
    sayWhatIsNotDone(beat, place);
    if (beat.form === 'handler') return runHandler(beat, place);
    const { aiRemediation } = beat;
    return attempted(beat, { ...place, ...(aiRemediation && { aiRemediation }) }, (inner) => runForm(beat, inner));
  });
}

async function runForm(beat: Exclude<BeatPlan, { form: 'handler' }>, place: PlannedPlace): Promise<Flow> {
  switch (beat.form) {
    case 'if':
      return runIf(beat, place);
    case 'parallel':
      return runParallel(
        beat,
        beat.branches.map((beats) => (branch: PlannedPlace) => branch.runList(beats, branch)),
        place,
      );
    case 'forEach':
      return runItems(beat, place);
    case 'wait':
      return runWait(beat, place);
    case 'approval':
      return askFor(beat, place);
    case 'sequence':
      return runChild(beat, place);
    case 'graph':
      return runNodes(beat, place);
    case 'stop':
      return runStop(beat, place);
    case 'goto':
      return runGoto(beat, place);
  }
}

function runItems(beat: ForEachBeat, place: PlannedPlace): Promise<Flow> {
  const list = mapValue(beat.items, scopeAt(place), 'forEach');
  const { output } = beat;
  const kept = output !== undefined && { output: (branch: PlannedPlace) => mapValue(output, scopeAt(branch), 'output') };
  const work = (branch: PlannedPlace): Promise<Flow> => branch.runList(beat.beats, branch);
  return runForEach(beat, { list, source: beat.items }, { work, ...kept }, place);
}

function runNodes(beat: GraphBeat, place: PlannedPlace): Promise<Flow> {
  const nodes = beat.nodes.map(({ id, dependsOn, beat: inner }) => {
    return { id, dependsOn, beat: inner.id, work: (within: PlannedPlace) => within.runList([inner], within) };
  });
  return runGraph({ id: beat.id, nodes, ...(beat.concurrency !== undefined && { concurrency: beat.concurrency }) }, place);
}

function askFor(beat: ApprovalBeat, place: PlannedPlace): Promise<Flow> {
  const scope = scopeAt(place);
  const subject = mapValue(beat.subject, scope, 'subject');
  return runApproval(beat, { prompt: String(mapValue(beat.prompt, scope, 'prompt')), ...(subject !== undefined && { subject }) }, place);
}

function scopeAt({ memory, run }: PlannedPlace) {
  return scopeOf(memory, run.runtime.now());
}

function sayWhatIsNotDone(beat: BeatPlan, place: PlannedPlace): void {
  if (beat.aiRemediation?.enabled === true && place.run.runtime.remediates !== true) {
    noticeOnce(place.run, `beat "${beat.id}": nobody remediates here; it runs with its ordinary retry`);
  }
}
