import { SelfhealError } from '@selfheal/contracts/errors';
import { mapValue } from './mapping.ts';
import { scopeOf } from './memory.ts';
import type { GotoBeat, StopBeat } from './plan.ts';
import { type Flow, ON, type Place } from './run.ts';

/** Ends the sequence with a status, or sets the status and lets it go on. */
export async function runStop(beat: Pick<StopBeat, 'status' | 'reason' | 'final'>, { run, memory }: Place): Promise<Flow> {
  const reason = mapValue(beat.reason, scopeOf(memory, run.runtime.now()), 'reason');
  const verdict = { status: beat.status, ...(reason !== undefined && reason !== null && { reason: String(reason) }) };
  if (beat.final) return { go: 'end', ...verdict };
  run.verdict = verdict;
  return ON;
}

/** @throws SEQUENCE_INVALID when the jump was taken more often than it may be */
export async function runGoto(beat: Pick<GotoBeat, 'id' | 'target' | 'limit'>, { run }: Place): Promise<Flow> {
  const taken = (run.jumps.get(beat.id) ?? 0) + 1;
  run.jumps.set(beat.id, taken);
  if (taken > beat.limit) {
    throw new SelfhealError('SEQUENCE_INVALID', `the jump back to "${beat.target}" was taken ${beat.limit} times, which is its limit`);
  }
  return { go: 'to', target: beat.target };
}
