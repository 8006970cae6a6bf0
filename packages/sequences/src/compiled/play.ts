import { SelfhealError } from '@selfheal/contracts/errors';
import { withDeadline } from '../interpreter/deadline.ts';
import { createMemory, writtenFields } from '../interpreter/memory.ts';
import type { Flow, Run, Verdict } from '../interpreter/run.ts';
import type { Remediate, SequenceResult, Waits } from '../interpreter/runtime.ts';
import { type Part, Score } from './score.ts';

export interface Piece {
  readonly id: string;
  readonly timeoutMs?: number;
  /** Where each beat stands in the document; named in errors. */
  readonly lines: Readonly<Record<string, number>>;
  readonly part: Part;
  /** The output; without it the fields of all outputs merged in order. */
  readonly output?: (score: Score) => Record<string, unknown>;
}

/**
 * Plays a compiled sequence: a pure function of its input and of what the engine answers.
 * @throws the error of the first beat that fails and does not say `continue`; BEAT_TIMEOUT when the sequence takes too long
 */
export async function play(piece: Piece, input: unknown, runtime: Waits & { readonly remediate?: Remediate }): Promise<SequenceResult> {
  const { id, lines, output } = piece;
  const run: Run = {
    plan: { id },
    runtime,
    failures: [],
    noticed: new Set(),
    jumps: new Map(),
    ordinal: 0,
    verdict: { status: 'completed' },
  };
  const memory = createMemory(input);
  const scoreIn = (lane: { ended: boolean }): Score =>
    new Score({ run, memory, lane, movement: '' }, { lines, remediate: runtime.remediate });
  const lane = { ended: false };
  const flow = await withDeadline(runtime, lane, piece.timeoutMs, `the sequence "${id}"`, (inner) => piece.part(scoreIn(inner)));
  const verdict = verdictOf(flow, run);
  return {
    sequence: id,
    status: verdict.status,
    ...(verdict.reason !== undefined && { reason: verdict.reason }),
    output: output ? output(scoreIn(lane)) : writtenFields(memory),
    outputs: { ...memory.outputs },
    failures: [...run.failures],
  };
}

function verdictOf(flow: Flow, run: Run): Verdict {
  if (flow.go === 'end') return flow;
  if (flow.go === 'on') return run.verdict;
  throw new SelfhealError('SEQUENCE_INVALID', `there is no beat "${flow.target}" to jump to`, { where: { sequence: run.plan.id } });
}
