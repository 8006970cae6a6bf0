import { createHash } from 'node:crypto';
import type { AnomalyType } from '@selfheal/contracts';

const LENGTH = 16;

/** Names a cause: type, normalised cause and place. The same fault gives the same fingerprint in every window and release. */
export function fingerprintOf(type: AnomalyType, ...cause: readonly string[]): string {
  return digest([type, ...cause]).slice(0, LENGTH);
}

/** Stable over retries of one run, new for each window: the id under which an anomaly is stored. */
export function anomalyId(projectId: string, fingerprint: string, detectedAt: number): string {
  return `an-${digest([projectId, fingerprint, String(detectedAt)]).slice(0, LENGTH)}`;
}

/** One incident for each cause in a project. */
export function incidentId(projectId: string, fingerprint: string): string {
  return `inc-${digest([projectId, fingerprint]).slice(0, 12)}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
