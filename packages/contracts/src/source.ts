import { z } from 'zod';

/** A stretch of one log source, redacted, journalled and fsynced: what later beats read instead of the file. */
export const segment = z.object({
  /** Hash of source identity and offsets: the same stretch read again gives the same id. */
  id: z.string(),
  sourceId: z.string(),
  path: z.string(),
  /** As in `sourceOffset`: saved with the offset when the segment is stored. */
  identity: z.string(),
  fromOffset: z.int().nonnegative(),
  toOffset: z.int().nonnegative(),
  /** Number of the first line, from 1. */
  firstLine: z.int().nonnegative(),
  lines: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  redactions: z.int().nonnegative(),
});
export type Segment = z.infer<typeof segment>;

/** Input that could not be used: what, where and why. Kept so that nothing is lost silently. */
export const rejectedInput = z.object({
  path: z.string(),
  code: z.string(),
  message: z.string(),
  offset: z.int().optional(),
  bytes: z.int().optional(),
});
export type RejectedInput = z.infer<typeof rejectedInput>;

/** How far a source has been read. `identity` tells a rotated file from a grown one (device, inode, hash of its first bytes). */
export const sourceOffset = z.object({
  id: z.string(),
  projectId: z.string(),
  path: z.string(),
  identity: z.string(),
  offset: z.int().nonnegative(),
  line: z.int().nonnegative(),
  updatedAt: z.number(),
});
export type SourceOffset = z.infer<typeof sourceOffset>;

/** A batch of events in the lake. */
/** What one source (a log with its rotated files, a stream of the intake) has in a batch. Epoch ms, both ends included. */
export const sourceSpan = z.object({ source: z.string(), from: z.number(), to: z.number(), events: z.int() });
export type SourceSpan = z.infer<typeof sourceSpan>;

export const lakeBatch = z.object({
  id: z.string(),
  projectId: z.string(),
  file: z.string(),
  sha256: z.string(),
  events: z.int(),
  bytes: z.int(),
  from: z.number(),
  to: z.number(),
  createdAt: z.number(),
  /** Absent where it was stored before this was kept. */
  sources: z.array(sourceSpan).optional(),
});
export type LakeBatch = z.infer<typeof lakeBatch>;
