import { z } from 'zod';
import { anomaly, telemetrySnapshot } from '../anomaly.ts';
import { learnedModel } from '../learning.ts';
import { heavy, pure, stageCrew } from './beat.ts';

const window = z.object({ from: z.number(), to: z.number() });
const detected = z.object({ anomalies: z.array(anomaly), considered: z.int(), notes: z.array(z.string()) });
const openedIncident = z.object({
  id: z.string(),
  fingerprint: z.string(),
  workflowId: z.string(),
  type: z.string(),
  title: z.string(),
  isNew: z.boolean(),
  status: z.string(),
});

/** Input of the sequence: `{ projectId, now, lookbackMs }` or with an explicit `{ from, to }`; epoch ms. */
export const anomalyDetect = {
  detectAnomaliesRequested: pure(
    z.object({
      projectId: z.string(),
      now: z.number(),
      lookbackMs: z.number().positive().optional(),
      from: z.number().optional(),
      to: z.number().optional(),
    }),
    z.object({ projectId: z.string(), now: z.number(), window }),
  ),
  loadTelemetryData: stageCrew(z.object({ projectId: z.string(), now: z.number(), window }), z.object({ snapshot: telemetrySnapshot })),
  detectPerformanceAnomalies: heavy(z.object({ snapshot: telemetrySnapshot }), detected),
  detectBehavioralAnomalies: heavy(z.object({ snapshot: telemetrySnapshot }), detected),
  detectCoverageGaps: heavy(z.object({ snapshot: telemetrySnapshot }), detected),
  detectErrorPatterns: heavy(z.object({ snapshot: telemetrySnapshot }), detected),
  /** Merges what describes one cause, drops the dependent (an error's slow path, a missing step after a throw), sorts; learns baselines and flows from what was healthy. */
  aggregateAnomalyResults: heavy(
    z.object({
      snapshot: telemetrySnapshot,
      performance: z.array(anomaly),
      behavioral: z.array(anomaly),
      coverage: z.array(anomaly),
      errors: z.array(anomaly),
    }),
    z.object({
      anomalies: z.array(anomaly),
      suppressed: z.array(z.object({ fingerprint: z.string(), because: z.string() })),
      learned: z.array(learnedModel),
    }),
  ),
  storeAnomalyResults: stageCrew(
    z.object({ projectId: z.string(), anomalies: z.array(anomaly), learned: z.array(learnedModel) }),
    z.object({ incidents: z.array(openedIncident), findings: z.array(z.string()), learned: z.int() }),
  ),
  detectAnomaliesCompleted: pure(
    z.object({
      incidents: z.array(openedIncident),
      findings: z.array(z.string()),
      suppressed: z.array(z.object({ fingerprint: z.string(), because: z.string() })),
    }),
    z.object({ healthy: z.boolean(), incidents: z.array(openedIncident), findings: z.array(z.string()), summary: z.string() }),
  ),
} as const;
