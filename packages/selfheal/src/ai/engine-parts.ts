import type { Records } from '@selfheal/contracts';
import { defaultBranch, readSnapshot } from '@selfheal/repair';
import type { ProjectPorts } from '../ports/create-ports.ts';
import type { OpenProject } from '../project/open-project.ts';
import type { PurePool } from '../threads/pure-pool.ts';
import { openRemediationParts, type RemediationParts } from './remediation-parts.ts';

export interface EngineParts {
  readonly project: OpenProject;
  readonly records: Records;
  readonly env: NodeJS.ProcessEnv;
  readonly ports: ProjectPorts;
  readonly pool: PurePool;
}

/** The model side of an engine: one for remediation and for fixes, so that limits of rate and broken circuits are common to both. */
export async function openEngineParts({ project, records, env, ports, pool }: EngineParts): Promise<RemediationParts> {
  return openRemediationParts({
    project,
    records,
    env,
    snapshot: async () => readSnapshot({ root: project.root, commit: (await defaultBranch(project.root)).head }),
    functions: (file, text) => pool.functions(file, text),
    logs: (count) => newestLines(ports, project.id, count),
  });
}

async function newestLines({ lake }: ProjectPorts, projectId: string, count: number) {
  const events = await lake.events({ projectId, order: 'desc', limit: count });
  return events.reverse().map(({ text, time, severity }) => ({ text, at: time, level: severity }));
}
