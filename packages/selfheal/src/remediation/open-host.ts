import type { Blobs, DecisionProposer, Plugin, Records } from '@selfheal/contracts';
import { defaultBranch, readSnapshot } from '@selfheal/repair';
import type { RemediationHost } from '@selfheal/temporal';
import type { RemediationParts } from '../ai/remediation-parts.ts';
import type { ProjectPorts } from '../ports/create-ports.ts';
import type { OpenProject } from '../project/open-project.ts';
import { createRemediationHost } from './host.ts';
import { passing, settling } from './proposers/failure-class.ts';
import { renamedField } from './proposers/renamed-field.ts';
import { repairEngine } from './proposers/repair-engine.ts';

export interface HostSources {
  readonly project: OpenProject;
  readonly records: Records;
  readonly blobs: Blobs;
  readonly plugins: readonly Plugin[];
  readonly env: NodeJS.ProcessEnv;
  readonly ports: ProjectPorts;
  readonly ai: RemediationParts;
}

/** The remediation of one project, wired to its parts. */
export async function openHost(sources: HostSources): Promise<RemediationHost> {
  const { project, records, blobs, plugins, env, ports, ai } = sources;
  const snapshot = async () => readSnapshot({ root: project.root, commit: (await defaultBranch(project.root)).head });
  const all = [
    ...plugins.flatMap((plugin) => plugin.proposers ?? []),
    passing,
    repairEngine(project),
    renamedField(snapshot),
    ai.models,
    settling,
  ];
  const proposers = new Map<string, DecisionProposer>(all.map((proposer) => [proposer.name, proposer]));
  return createRemediationHost({
    project,
    records,
    blobs,
    plugins,
    env,
    ai,
    proposers,
    ports: ({ signal, attempt, heartbeat }, about) => ports.forBeat({ ...about, attempt, signal, heartbeat }),
  });
}
