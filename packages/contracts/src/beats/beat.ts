import type { z } from 'zod';

export type BeatKind = 'pure' | 'stage-crew';

/**
 * The contract of one beat. `cost` tells the engine where it runs: `short` (pure, under a second at any size it may get) as a local
 * activity; `long` as an ordinary activity with heartbeat, in a worker thread when pure.
 */
export interface BeatContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: BeatKind;
  readonly cost: 'short' | 'long';
  readonly input: I;
  readonly output: O;
}

export function pure<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): BeatContract<I, O> & { kind: 'pure'; cost: 'short' } {
  return { kind: 'pure', cost: 'short', input, output };
}

export function heavy<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): BeatContract<I, O> & { kind: 'pure'; cost: 'long' } {
  return { kind: 'pure', cost: 'long', input, output };
}

export function stageCrew<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
): BeatContract<I, O> & { kind: 'stage-crew'; cost: 'long' } {
  return { kind: 'stage-crew', cost: 'long', input, output };
}
