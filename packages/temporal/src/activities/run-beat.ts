import { type BeatContract, type BeatKind, type Blobs, isSelfhealError, type Ports, SelfhealError } from '@selfheal/contracts';
import { checkIn, checkOut } from './claim-check.ts';

/** A handler as the engine sees it: validated data in, data out. */
export type AnyHandler = (input: unknown, ports?: Ports) => unknown;

export interface Beat {
  readonly handler: string;
  readonly run: AnyHandler;
  /** Absent for a plugin's handler. */
  readonly contract?: BeatContract;
  readonly kind: BeatKind;
}

/**
 * Runs one beat: references resolved, input checked, handler called, output checked, large values stored again.
 * Pure, apart from the blobs; the same function serves the activity and the worker thread.
 */
export async function runBeat(beat: Beat, input: unknown, blobs: Blobs, ports?: Ports): Promise<unknown> {
  const resolved = await checkOut(input, blobs);
  const output = await beat.run(checked(beat, 'input', resolved), ports);
  return checkIn(checked(beat, 'output', output), blobs);
}

function checked(beat: Beat, side: 'input' | 'output', value: unknown): unknown {
  return beat.contract === undefined ? value : checkedBy(beat.contract[side], beat.handler, side, value);
}

/** Fails with BEAT_INPUT_INVALID or BEAT_OUTPUT_INVALID. */
export function checkedBy(schema: BeatContract['input'], handler: string, side: 'input' | 'output', value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`);
  throw new SelfhealError(side === 'input' ? 'BEAT_INPUT_INVALID' : 'BEAT_OUTPUT_INVALID', issues.join('; '), {
    where: { beat: handler },
  });
}

/** Whether trying again may help. Errors that are not ours (a dropped connection, a busy file) may. */
export function isRetryable(error: unknown): boolean {
  return isSelfhealError(error) ? error.retryable : true;
}
