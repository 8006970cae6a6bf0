import { SelfhealError } from '@selfheal/contracts/errors';
import { withDeadline } from './deadline.ts';
import { mapInput } from './mapping.ts';
import { createMemory, type Memory, scopeOf, writtenFields } from './memory.ts';
import type { SequencePlan } from './plan.ts';
import type { Flow, Lane, PlannedRun, Verdict } from './run.ts';
import { runList } from './run-list.ts';
import type { Runtime, SequenceResult } from './runtime.ts';

/**
 * Runs a sequence. A pure function of plan, input and what the runtime answers: no clock, no randomness, no other state.
 * @throws the error of the first beat that fails and does not say `continue`; BEAT_TIMEOUT when the sequence takes too long
 */
export async function interpret(plan: SequencePlan, input: unknown, runtime: Runtime): Promise<SequenceResult> {
  const run: PlannedRun = {
    plan,
    runtime,
    failures: [],
    noticed: new Set(),
    jumps: new Map(),
    ordinal: 0,
    verdict: { status: 'completed' },
  };
  const memory = createMemory(input);
  const lane: Lane = { ended: false };
  const flow = await withDeadline(runtime, lane, plan.timeoutMs, `the sequence "${plan.id}"`, (inner) => runMovements(run, memory, inner));
  const verdict: Verdict = flow.go === 'end' ? flow : run.verdict;
  return {
    sequence: plan.id,
    status: verdict.status,
    ...(verdict.reason !== undefined && { reason: verdict.reason }),
    output: plan.output ? mapInput(plan.output, scopeOf(memory, runtime.now())) : writtenFields(memory),
    outputs: { ...memory.outputs },
    failures: [...run.failures],
  };
}

async function runMovements(run: PlannedRun, memory: Memory, lane: Lane): Promise<Flow> {
  for (const movement of run.plan.movements) {
    const flow = await runList(movement.beats, { run, memory, lane, movement: movement.id, runList });
    if (flow.go === 'end') return flow;
    if (flow.go === 'to')
      throw new SelfhealError('SEQUENCE_INVALID', `there is no beat "${flow.target}" to jump to`, { where: { sequence: run.plan.id } });
  }
  return { go: 'on' };
}
