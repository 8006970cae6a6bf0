import type { Records, SourceSnapshot } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { type OpenProject, openProject } from '../project/open-project.ts';
import { openRemediationParts, type RemediationParts } from './remediation-parts.ts';

/** The prompts of a project, and what is needed to try them; no engine runs. */
export interface OpenPrompts extends RemediationParts, AsyncDisposable {
  readonly project: OpenProject;
  readonly records: Records;
  readonly env: NodeJS.ProcessEnv;
}

export interface OpenPromptsOptions {
  readonly repo: string;
  readonly dataDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Opens the project and its store. Code is parsed only by what shows code. */
export async function openPrompts({ dataDir, env = {}, repo }: OpenPromptsOptions): Promise<OpenPrompts> {
  const project = await openProject({ repo, ...(dataDir === undefined ? {} : { dataDir }) });
  const store = await openStore({ dataDir: project.dataDir, databaseUrl: env.DATABASE_URL });
  let snapshot: Promise<SourceSnapshot> | undefined;
  try {
    const parts = await openRemediationParts({
      project,
      records: store.records,
      env,
      snapshot: () => (snapshot ??= readSources(project.root)),
      functions: async (file, text) => (await import('@selfheal/repair')).functionsOfFile(file, text),
      logs: async () => [],
    });
    return { ...parts, project, env, records: store.records, [Symbol.asyncDispose]: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The sources at the head of the default branch; the compiler that reads functions is loaded with them. */
async function readSources(root: string): Promise<SourceSnapshot> {
  const { defaultBranch, readSnapshot } = await import('@selfheal/repair');
  return readSnapshot({ root, commit: (await defaultBranch(root)).head });
}
