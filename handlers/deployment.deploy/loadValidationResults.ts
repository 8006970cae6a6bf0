import type { BeatInput, Deployment, Handler, Incident, MemberRunner, Patch, Ports, RepoState, Validation } from '@selfheal/contracts';
import { branchNameOf, deploymentIdOf, newDeployment } from './deployment-record.ts';

type Decision = BeatInput<'loadValidationResults'>['decision'];

/**
 * Sequence deployment.deploy, movement Approve. Gathers all that the decision and the shipping need, and opens the deployment's record,
 * so that a fix that waits for review can be found. Reads incident, diagnosis, patch, validation, calibration, barred patches, the
 * repository's state. Writes deployment, incident.deploymentId. Fails with RECORD_MISSING, REPO_MISSING, REPO_NO_BRANCH.
 */
export const loadValidationResults: Handler<'loadValidationResults'> = async (input, ports) => {
  const { records, forge, project } = ports;
  const { projectId } = input;
  const incident = await records.need('incident', input.incidentId);
  const patch = await records.need('patch', input.patchId);
  const [diagnosis, validation, calibration, barred, repo] = await Promise.all([
    records.need('diagnosis', patch.diagnosisId),
    records.need('validation', input.validationId),
    records.list('model', { where: { projectId, kind: 'calibration' } }),
    records.count('barredPatch', { where: { projectId, hash: patch.hash } }),
    forge.state(),
  ]);
  const { policy, deploy } = project.config;
  const deploymentId = await openDeployment(ports, { projectId, incident, patch, validation, repo, decision: input.decision });
  return {
    incident: { ...incident, deploymentId },
    diagnosis,
    patch,
    validation,
    policy,
    calibration,
    barred: barred > 0,
    deploymentId,
    repo,
    commands: { ci: await checkCommand(ports, patch.base), ...(deploy.command === undefined ? {} : { deploy: deploy.command }) },
  };
};

async function openDeployment(
  { records, clock, project }: Ports,
  parts: { projectId: string; incident: Incident; patch: Patch; validation: Validation; repo: RepoState; decision: Decision },
): Promise<string> {
  const { incident, patch, decision, repo } = parts;
  const fresh = newDeployment({
    ...parts,
    baseBranch: repo.branch,
    approval: approvalSoFar(decision, patch, project.config.policy.approve === 'review'),
    now: clock.now(),
  });
  await records.transaction(async (inside) => {
    const known = await inside.get('deployment', deploymentIdOf(patch));
    const isSame = known !== undefined && known.branch === branchNameOf(incident, patch);
    await inside.put('deployment', isSame ? withDecision(known, fresh) : fresh);
    await inside.update('incident', incident.id, (found) => ({ ...found, deploymentId: fresh.id, updatedAt: clock.now() }));
  });
  return fresh.id;
}

/** A deployment under way keeps what it did; one that waited takes the decision. */
function withDecision(known: Deployment, fresh: Deployment): Deployment {
  const waited = known.status === 'waiting_review' || known.status === 'rejected';
  const { incidentId, validationId, updatedAt } = fresh;
  return { ...known, incidentId, validationId, updatedAt, ...(waited ? { approval: fresh.approval, status: fresh.status } : {}) };
}

function approvalSoFar(decision: Decision, patch: Patch, required: boolean): Deployment['approval'] {
  if (decision === undefined || decision.patchHash !== patch.hash)
    return { required, decision: 'pending', by: '', why: 'nobody has decided yet' };
  return { required, decision: decision.approved ? 'approved' : 'rejected', by: decision.by, why: decision.why };
}

/** The configured checks, else the tests as the repository runs them. */
async function checkCommand({ project, codebase }: Ports, commit: string): Promise<string> {
  const { ci, test } = project.config;
  if (ci !== undefined || test !== undefined) return ci ?? test ?? '';
  const { runner, packageManager } = await codebase.info(commit);
  return runner?.members?.map(memberCommand).join(' && ') ?? runner?.command ?? `${packageManager} test`;
}

/** Each package by its own script: the package manager or build tool that runs them all may not be there in the sandbox. */
function memberCommand({ folder, command }: MemberRunner): string {
  return `(cd '${folder}' && PATH="$PWD/node_modules/.bin:$PATH" && ${command})`;
}
