import { z } from 'zod';
import { recording, stackFrame } from './event.ts';
import { json } from './json.ts';

/**
 * One log record as its format gives it: lines joined, fields parsed, stack frames mapped through source maps, but names and
 * units not yet brought to one vocabulary (that is normalizeTelemetryData's work).
 */
export const rawEvent = z.object({
  id: z.string(),
  source: z.string(),
  line: z.int(),
  format: z.string(),
  text: z.string(),
  /** Epoch ms, where the record has a stamp. */
  stamp: z.number().optional(),
  /** Epoch ms: when the source was last written before it was read; stands in where no stamp is near. */
  ingestedAt: z.number(),
  level: z.union([z.string(), z.number()]).optional(),
  /** The format's own fields, nested as they stood. */
  fields: z.record(z.string(), json),
  error: z
    .object({
      type: z.string(),
      message: z.string(),
      code: z.string().optional(),
      frames: z.array(stackFrame),
      cause: z.object({ type: z.string(), message: z.string(), frames: z.array(stackFrame) }).optional(),
    })
    .optional(),
  recording: recording.optional(),
});
export type RawEvent = z.infer<typeof rawEvent>;
