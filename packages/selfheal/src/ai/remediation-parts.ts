import {
  buildFailureContext,
  type CodeFunction,
  createModelProposer,
  createPromptLibrary,
  type FailureFacts,
  type LogLine,
  modelKeys,
  type PromptLibrary,
  templateChooser,
} from '@selfheal/ai';
import type { ContextConfig, DecisionProposer, FailureContext, Records, SourceSnapshot } from '@selfheal/contracts';
import { Placeholders, placeholderKey } from '@selfheal/redaction';
import { journalDir } from '../intake/journal-dir.ts';
import type { OpenProject } from '../project/open-project.ts';
import { learnedExamples } from './learned-examples.ts';

/** What the remediation of failures reads. */
export interface RemediationSources {
  readonly project: OpenProject;
  readonly records: Records;
  readonly env: NodeJS.ProcessEnv;
  /** The sources that the failing code was made of. */
  snapshot(): Promise<SourceSnapshot>;
  /** The functions of one file; in an engine, read in a worker thread. */
  functions(file: string, text: string): Promise<readonly CodeFunction[]>;
  /** The newest log lines, oldest first. */
  logs(count: number): Promise<readonly LogLine[]>;
}

/** The model side of remediation, wired to one project. */
export interface RemediationParts {
  /** Models behind their budgets; abstains where none can be asked. */
  readonly models: DecisionProposer;
  readonly prompts: PromptLibrary;
  /** What a proposer is told of a failure. Logs, environment, code and what was learned are added to the facts where these do not bring them. */
  gather(facts: FailureFacts, wanted?: ContextConfig): Promise<FailureContext>;
}

const MOST_LOG_LINES = 1_000;

export async function openRemediationParts(sources: RemediationSources): Promise<RemediationParts> {
  const { env, project, records } = sources;
  const { ai } = project.config;
  const placeholders = new Placeholders(await placeholderKey(journalDir(project.dataDir)));
  const learnedFor = async ({ subject: { handler, incident } }: FailureFacts) => {
    const { examples, rejected, insights } = await learnedExamples(records, project.id, {
      ...(incident && { class: incident.class }),
      ...(handler !== undefined && { handler }),
    });
    return {
      ...(examples.length > 0 && { examples: [...examples] }),
      ...(rejected.length > 0 && { rejected: [...rejected] }),
      ...(insights.length > 0 && { insights: [...insights] }),
    };
  };
  return {
    models: createModelProposer({
      config: ai,
      env,
      records,
      projectId: project.id,
      placeholders,
      chooseTemplate: templateChooser({ records, projectId: project.id, fallback: ai.promptTemplate }),
    }),
    prompts: createPromptLibrary({ records, projectId: project.id }),
    async gather(facts, wanted) {
      const { files } = await sources.snapshot();
      const logs = facts.logs ?? (await sources.logs(MOST_LOG_LINES));
      const read = new Map<string, Promise<readonly CodeFunction[]>>();
      const functions = (file: string) => {
        const known = read.get(file) ?? sources.functions(file, files[file] ?? '');
        read.set(file, known);
        return known;
      };
      const learned = facts.learned ?? (await learnedFor(facts));
      return buildFailureContext(
        { environment: environmentOf(files), ...facts, logs, ...(Object.keys(learned).length > 0 && { learned }) },
        { configs: [wanted, ai.context], root: project.root, placeholders, secrets: modelKeys(ai, env), code: { files, functions } },
      );
    },
  };
}

function environmentOf(files: SourceSnapshot['files']): NonNullable<FailureContext['environment']> {
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    dependencies: dependenciesOf(files['package.json'] ?? '{}'),
  };
}

function dependenciesOf(text: string): Record<string, string> {
  const manifest = parsed(text);
  const found: Record<string, string> = {};
  for (const field of ['dependencies', 'devDependencies'] as const) {
    const named = typeof manifest === 'object' && manifest !== null && field in manifest ? Reflect.get(manifest, field) : undefined;
    if (typeof named !== 'object' || named === null) continue;
    for (const [name, version] of Object.entries(named)) if (typeof version === 'string') found[name] = version;
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
