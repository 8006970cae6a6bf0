import { z } from 'zod';

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
  /**
   * Fields of the output that are large, and follow from the input alone: not stored, but made again where they are lost. Such a beat is
   * deterministic in them.
   */
  readonly derived?: readonly string[];
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

/** The contract of a beat of which large output is made again rather than stored. */
export function deriving<C extends BeatContract>(contract: C, ...fields: readonly string[]): C & { derived: readonly string[] } {
  return { ...contract, derived: fields };
}

/** What is left of a schema of objects without some fields. */
export function withoutFields(schema: z.ZodType, fields: readonly string[]): z.ZodType {
  if (!(schema instanceof z.ZodObject) || fields.length === 0) return schema;
  return z.object(Object.fromEntries(Object.entries<z.ZodType>(schema.shape).filter(([field]) => !fields.includes(field))));
}
