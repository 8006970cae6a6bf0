import { SelfhealError } from '@selfheal/contracts/errors';
import { z } from 'zod';
import type { Decision } from '../interpreter/runtime.ts';

/** What a dry run is given in place of the world. */
export interface SampleData {
  readonly input: unknown;
  /** Outputs of handlers that are not called, by beat or handler; `{ "$each": [...] }` gives one to each call in turn. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Answers to approvals, by beat; true where nothing is said. */
  readonly decisions: Readonly<Record<string, Decision>>;
  /** Payloads of awaited events, by event; null: it does not come. */
  readonly events: Readonly<Record<string, unknown>>;
}

const decision = z.union([
  z.boolean().transform((approved): Decision => ({ approved })),
  z.strictObject({ approved: z.boolean(), by: z.string().exactOptional(), why: z.string().exactOptional() }),
]);
const parts = z.strictObject({
  input: z.unknown().optional(),
  outputs: z.record(z.string(), z.unknown()).default({}),
  decisions: z.record(z.string(), decision).default({}),
  events: z.record(z.string(), z.unknown()).default({}),
});
const NAMES: readonly string[] = Object.keys(parts.shape);

/**
 * Sample data as a user writes it: `{ "input", "outputs", "decisions", "events" }`, or where an object has other fields the input itself.
 * Fails with INPUT_INVALID.
 */
export function readSampleData(value: unknown): SampleData {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
  const inParts = keys !== undefined && keys.length > 0 && keys.every((key) => NAMES.includes(key));
  if (!inParts) return { input: value, outputs: {}, decisions: {}, events: {} };
  const read = parts.safeParse(value);
  if (!read.success) {
    const issues = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new SelfhealError('INPUT_INVALID', `the sample data cannot be used: ${issues.join('; ')}`);
  }
  return { ...read.data, input: read.data.input ?? {} };
}
