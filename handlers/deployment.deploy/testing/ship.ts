import { type BeatOutput, beats, type Deployment } from '@selfheal/contracts';
import { deploymentDeployHandlers as handlers } from '../index.ts';
import { type Facts, storeFacts } from './facts.ts';
import { PROJECT, type ShippingRig } from './shipping-rig.ts';

/** What the beat hands on, as the engine passes it: checked by its contract. */
export type Loaded = ReturnType<typeof beats.loadValidationResults.output.parse>;

export interface Opened {
  readonly facts: Facts;
  readonly loaded: Loaded;
  readonly approval: BeatOutput<'checkApproval'>['approval'];
  readonly branched: BeatOutput<'createBranch'>;
  readonly commit: string;
  readonly pullRequest: BeatOutput<'createPullRequest'>['pullRequest'];
}

export async function load(rig: ShippingRig, facts: Facts): Promise<Loaded> {
  const { incident, patch, validation } = facts;
  const request = { projectId: PROJECT, incidentId: incident.id, patchId: patch.id, validationId: validation.id };
  return beats.loadValidationResults.output.parse(await handlers.loadValidationResults(request, rig.ports));
}

/** The beats up to an open pull request, as the sequence wires them. */
export async function openFix(rig: ShippingRig, known?: Facts): Promise<Opened> {
  const facts = known ?? (await storeFacts(rig));
  const { incident, patch, validation, diagnosis } = facts;
  const loaded = await load(rig, facts);
  const { deploymentId } = loaded;
  const { approval } = handlers.checkApproval({ ...loaded });
  const branched = await handlers.createBranch({ ...loaded, approval }, rig.ports);
  const { commit } = await handlers.applyChanges({ deploymentId, incident, patch, validation, diagnosis, ...branched }, rig.ports);
  const { pullRequest } = await handlers.createPullRequest(
    { deploymentId, incident, patch, validation, diagnosis, calibration: loaded.calibration, ...branched, commit },
    rig.ports,
  );
  return { facts, loaded, approval, branched, commit, pullRequest };
}

export interface Merged extends Opened {
  readonly ci: BeatOutput<'runCIChecks'>['ci'];
  readonly merge: BeatOutput<'autoMergePR'>['merge'];
}

export async function mergeFix(rig: ShippingRig, known?: Facts): Promise<Merged> {
  const opened = await openFix(rig, known);
  const { loaded, pullRequest, approval, facts } = opened;
  const { deploymentId, policy, commands } = loaded;
  const { ci } = await handlers.runCIChecks({ deploymentId, pullRequest, command: commands.ci }, rig.ports);
  const { merge } = await handlers.autoMergePR(
    { deploymentId, pullRequest, ci, approval, patch: facts.patch, policy, command: commands.ci },
    rig.ports,
  );
  return { ...opened, ci, merge };
}

export function deploymentOf(rig: ShippingRig, { loaded }: Pick<Opened, 'loaded'>): Promise<Deployment> {
  return rig.ports.records.need('deployment', loaded.deploymentId);
}
