import { z } from 'zod';

/** Any JSON value; what travels between beats and into records. */
export const json = z.json();
export type Json = z.infer<typeof json>;

/**
 * A reference to an immutable, content-addressed value (claim check). Workflow histories carry references in place of
 * large values; the beat adapter resolves them before a handler is called. `bytes` is the size of the value as JSON.
 */
export const ref = z.object({ $ref: z.string().regex(/^sha256-[0-9a-f]{64}$/), bytes: z.int().nonnegative() });
export type Ref = z.infer<typeof ref>;

export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && '$ref' in value && ref.safeParse(value).success;
}
