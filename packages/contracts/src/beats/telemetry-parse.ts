import { z } from 'zod';
import { minerState, telemetrySlice } from '../aggregate.ts';
import { telemetryEvent } from '../event.ts';
import { rawEvent } from '../raw-event.ts';
import { rejectedInput, segment } from '../source.ts';
import { deriving, heavy, pure, stageCrew } from './beat.ts';

const totals = z.object({
  events: z.int(),
  errors: z.int(),
  operations: z.int(),
  releases: z.array(z.string()),
  from: z.number().optional(),
  to: z.number().optional(),
});

/** Input of the sequence: `{ projectId, paths, maxBytes? }`. One run reads at most `maxBytes`; `more` asks for another run. */
export const telemetryParse = {
  parseTelemetryRequested: pure(
    z.object({ projectId: z.string(), paths: z.array(z.string()), maxBytes: z.int().positive().optional() }),
    z.object({ projectId: z.string(), paths: z.array(z.string()), maxBytes: z.int().positive() }),
  ),
  loadLogFiles: stageCrew(
    z.object({ projectId: z.string(), paths: z.array(z.string()), maxBytes: z.int().positive() }),
    z.object({ segments: z.array(segment), more: z.boolean(), rejected: z.array(rejectedInput), files: z.int() }),
  ),
  extractTelemetryEvents: deriving(
    stageCrew(
      z.object({ projectId: z.string(), segments: z.array(segment) }),
      z.object({ events: z.array(rawEvent), miner: minerState, lines: z.int(), unparsed: z.int(), formats: z.record(z.string(), z.int()) }),
    ),
    'events',
  ),
  normalizeTelemetryData: deriving(
    heavy(
      z.object({ events: z.array(rawEvent), miner: minerState }),
      z.object({ events: z.array(telemetryEvent), miner: minerState, newTemplates: z.int(), clockBackwards: z.int() }),
    ),
    'events',
  ),
  aggregateTelemetryMetrics: deriving(
    heavy(z.object({ events: z.array(telemetryEvent) }), z.object({ slices: z.array(telemetrySlice), totals })),
    'slices',
  ),
  storeTelemetryDatabase: stageCrew(
    z.object({
      projectId: z.string(),
      segments: z.array(segment),
      rejected: z.array(rejectedInput),
      events: z.array(telemetryEvent),
      slices: z.array(telemetrySlice),
      miner: minerState,
    }),
    z.object({ batchId: z.string().optional(), stored: z.int(), alreadyStored: z.boolean() }),
  ),
  parseTelemetryCompleted: pure(
    z.object({
      files: z.int(),
      more: z.boolean(),
      rejected: z.array(rejectedInput),
      lines: z.int(),
      unparsed: z.int(),
      formats: z.record(z.string(), z.int()),
      totals,
      stored: z.int(),
      batchId: z.string().optional(),
    }),
    z.object({
      more: z.boolean(),
      summary: z.string(),
      stored: z.int(),
      batchId: z.string().optional(),
      totals,
      rejected: z.array(rejectedInput),
      formats: z.record(z.string(), z.int()),
    }),
  ),
} as const;
