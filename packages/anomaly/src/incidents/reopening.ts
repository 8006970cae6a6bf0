import type { Anomaly, Deployment, Incident, IncidentStatus } from '@selfheal/contracts';

/** What is known about a closed incident when its cause shows again. */
export interface ClosedFacts {
  /** The anomaly that it was closed with. */
  readonly anomaly: Anomaly | undefined;
  readonly deployment: Deployment | undefined;
  /** Whether the release of the new evidence contains the merge (or, after a revert, the revert commit); undefined where that cannot be told. */
  readonly containsFix: boolean | undefined;
  /** Commit that was diagnosed, and the head of the default branch now. */
  readonly diagnosedCommit: string | undefined;
  readonly headCommit: string | undefined;
}

export interface Reopening {
  readonly reopen: boolean;
  readonly why: string;
}

const ACTIVE: readonly IncidentStatus[] = ['open', 'diagnosing', 'fixing', 'validating', 'waiting_review', 'deploying', 'verifying'];
const SHIPPED: readonly IncidentStatus[] = ['healed', 'merged', 'inconclusive', 'reverted'];

/** A cause that selfheal could not mend is looked at again no sooner than this; the wait doubles with each time. */
const QUIET_MS = 600_000;
/** A fix that made things worse is followed by others, but not forever. */
const MAX_REVERTED = 3;
const WORSE = 3;
const LEVELS = ['low', 'medium', 'high', 'critical'];

export function isActive({ status }: Incident): boolean {
  return ACTIVE.includes(status);
}

/**
 * Whether a closed incident comes back. Judged by release, not by time alone: an old client or a late log must never re-open what
 * was healed.
 */
export function judgeReopening(incident: Incident, anomaly: Anomaly, facts: ClosedFacts): Reopening {
  if (incident.status === 'dismissed') return afterDismissal(anomaly, facts);
  if (facts.deployment?.mergeCommit !== undefined && (SHIPPED.includes(incident.status) || incident.status === 'failed'))
    return afterFix(incident, anomaly, facts, facts.deployment);
  return afterGivingUp(incident, anomaly, facts);
}

/** Epoch ms of the newest evidence. */
export function newestEvidence({ metrics, evidence }: Anomaly): number {
  return metrics.lastSeen ?? Math.max(0, ...evidence.map(({ time }) => time));
}

function afterFix(incident: Incident, anomaly: Anomaly, { containsFix }: ClosedFacts, deployment: Deployment): Reopening {
  if (incident.status === 'reverted' && incident.generation >= MAX_REVERTED)
    return stay(`${MAX_REVERTED} fixes were reverted; a person must look at it`);
  if (containsFix === false) return stay('seen in a release that does not contain the fix');
  const since = fixedAt(incident, deployment);
  if (since === undefined && containsFix === undefined)
    return stay('the fix is merged but not deployed, and the telemetry names no release');
  if (since !== undefined && newestEvidence(anomaly) <= since) return stay('all evidence is older than the fix');
  return { reopen: true, why: `seen again after the fix${containsFix === true ? `, in release ${anomaly.release}` : ''}` };
}

/** When the fix (or its revert) was in production and its watch over; undefined where it was merged and not deployed by us. */
function fixedAt({ status }: Incident, { deploy, verification, updatedAt }: Deployment): number | undefined {
  if (status === 'reverted') return updatedAt;
  if (deploy?.deployed !== true) return undefined;
  return Math.max(deploy.at, verification?.to ?? 0);
}

function afterDismissal(anomaly: Anomaly, { anomaly: then }: ClosedFacts): Reopening {
  if (then === undefined) return stay('dismissed');
  const isMoreSevere = LEVELS.indexOf(anomaly.severity) > LEVELS.indexOf(then.severity);
  const factor = weightOf(anomaly) / Math.max(weightOf(then), 1e-9);
  if (!isMoreSevere || factor < WORSE) return stay('dismissed, and not much worse than then');
  return { reopen: true, why: `${factor.toFixed(1)} times as bad as when it was dismissed` };
}

function afterGivingUp(incident: Incident, anomaly: Anomaly, { anomaly: then, diagnosedCommit, headCommit }: ClosedFacts): Reopening {
  const quietUntil = incident.updatedAt + QUIET_MS * 2 ** incident.generation;
  if (newestEvidence(anomaly) <= quietUntil) return stay(`${incident.status} not long ago`);
  const isNewRelease = anomaly.release !== undefined && anomaly.release !== then?.release;
  const isNewCode = diagnosedCommit !== undefined && headCommit !== undefined && diagnosedCommit !== headCommit;
  if (incident.status !== 'failed' && !isNewRelease && !isNewCode) return stay(`${incident.status}, and the code is the same`);
  return {
    reopen: true,
    why: `seen again ${isNewRelease ? `in release ${anomaly.release}` : isNewCode ? 'on newer code' : 'after a failed run'}`,
  };
}

/** How bad an anomaly is, within its type. */
function weightOf({ details, metrics }: Anomaly): number {
  switch (details.type) {
    case 'performance':
      return details.ratio - 1;
    case 'behavioral':
      return details.waitMs ?? details.share;
    case 'coverage':
      return details.uses;
    case 'error':
      return metrics.shareOfCalls ?? details.ratePerMinute;
    case 'signal':
      return details.seen;
  }
}

function stay(why: string): Reopening {
  return { reopen: false, why };
}
