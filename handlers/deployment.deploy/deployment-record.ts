import { createHash } from 'node:crypto';
import type { Approval, Deployment, Incident, Patch, Ports, Validation } from '@selfheal/contracts';

/** One deployment for one patch, whoever asks and however often. */
export function deploymentIdOf(patch: Pick<Patch, 'hash'>): string {
  return `dep-${patch.hash.slice(0, 16)}`;
}

/**
 * What the outside effects of a deployment are keyed by. The base is part of it: the same patch, needed again after a person undid it,
 * is another commit and another merge.
 */
export function effectKey(deploymentId: string, base: string, effect: 'commit' | 'merge' | 'deploy' | 'revert' | 'redeploy'): string {
  return `${deploymentId}@${base.slice(0, 12)}/${effect}`;
}

/** `selfheal/<kind>-<slug>-<hash>`: readable, and of its own for each patch on each base. */
export function branchNameOf(incident: Pick<Incident, 'type' | 'title'>, patch: Pick<Patch, 'hash' | 'base'>): string {
  const slug = incident.title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(`${patch.hash}@${patch.base}`).digest('hex').slice(0, 8);
  return `selfheal/${incident.type}-${slug === '' ? 'fix' : slug}-${hash}`;
}

/** The record before anything happened. */
export function newDeployment(parts: {
  projectId: string;
  incident: Incident;
  patch: Patch;
  validation: Validation;
  baseBranch: string;
  approval: Approval;
  now: number;
}): Deployment {
  const { projectId, incident, patch, validation, baseBranch, approval, now } = parts;
  return {
    id: deploymentIdOf(patch),
    projectId,
    incidentId: incident.id,
    patchId: patch.id,
    patchHash: patch.hash,
    validationId: validation.id,
    branch: branchNameOf(incident, patch),
    baseBranch,
    approval,
    status: approval.decision === 'rejected' ? 'rejected' : 'waiting_review',
    treeUntouched: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** Changes the deployment's record. Fails with RECORD_MISSING. */
export function advance(ports: Pick<Ports, 'records' | 'clock'>, deploymentId: string, change: Partial<Deployment>): Promise<Deployment> {
  return ports.records.update('deployment', deploymentId, (known) => ({ ...known, ...change, updatedAt: ports.clock.now() }));
}
