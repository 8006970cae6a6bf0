import { compileTemplate, createModelProposer, type PromptEntry } from '@selfheal/ai';
import type { Proposal, RemediationAttempt } from '@selfheal/contracts';
import { Placeholders, placeholderKey } from '@selfheal/redaction';
import { journalDir } from '../intake/journal-dir.ts';
import type { OpenPrompts } from './open-prompts.ts';

/** What one version of a template made of one recorded failure. */
export interface PromptTrial {
  readonly attempt: string;
  readonly template: string;
  readonly version: number;
  /** The decision, or why there is none. */
  readonly outcome: string;
  /** As it ended then: the patch that healed is proposed again, or the decision to fail or escalate is the same. Undefined where the past tells nothing. */
  readonly agrees: boolean | undefined;
  readonly confidence: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface PromptComparison {
  readonly trials: readonly PromptTrial[];
  readonly versions: readonly {
    template: string;
    version: number;
    asked: number;
    decided: number;
    agreed: number;
    comparable: number;
    costUsd: number;
  }[];
}

export interface CompareOptions {
  /** Recorded attempts at most, the newest first. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the models about recorded failures with each version, and compares the decisions with how the failures ended. It costs what
 * attempts cost and counts against the same limits; equal prompts are paid once.
 */
export async function comparePrompts(
  prompts: OpenPrompts,
  versions: readonly PromptEntry[],
  { limit, signal }: CompareOptions,
): Promise<PromptComparison> {
  const recorded = await prompts.records.list('remediationAttempt', {
    where: { projectId: prompts.project.id },
    orderBy: { field: 'createdAt', direction: 'desc' },
  });
  const usable = recorded.filter(({ context }) => context !== undefined).slice(0, limit);
  const placeholders = new Placeholders(await placeholderKey(journalDir(prompts.project.dataDir)));
  const trials: PromptTrial[] = [];
  for (const version of versions) {
    const template = { id: version.id, version: version.version, compiled: await compileTemplate(version.name, version.text) };
    const proposer = createModelProposer({
      config: prompts.project.config.ai,
      env: prompts.env,
      records: prompts.records,
      projectId: prompts.project.id,
      placeholders,
      chooseTemplate: async () => ({ template, notes: [] }),
    });
    for (const attempt of usable) {
      if (attempt.context === undefined) continue;
      const options = {
        projectId: prompts.project.id,
        incidentId: `prompt-test:${version.id}@${version.version}`,
        remediation: { enabled: true },
        attempt: 1,
        previous: [],
      };
      trials.push(trialOf(attempt, version, await proposer.propose(attempt.context, options, signal)));
    }
  }
  return { trials, versions: versions.map((version) => totals(version, trials)) };
}

function trialOf(attempt: RemediationAttempt, { name, version }: PromptEntry, { outcome, usage }: Proposal): PromptTrial {
  const decided = outcome.kind === 'decided' ? outcome.decision : undefined;
  return {
    attempt: attempt.id,
    template: name,
    version,
    outcome: outcome.kind === 'decided' ? outcome.decision.decision : `none (${outcome.abstention.reason}: ${outcome.abstention.why})`,
    agrees: decided && agreement(attempt, decided),
    confidence: decided?.confidence,
    ...usage,
  };
}

/** Two patches agree where they make the same edits; a healed attempt without a patch was a plain retry. */
function agreement(
  { decision: before, result }: RemediationAttempt,
  decided: NonNullable<RemediationAttempt['decision']>,
): boolean | undefined {
  if (before === undefined || result === 'pending' || result === 'stopped') return undefined;
  const same =
    decided.decision === before.decision && JSON.stringify(decided.patch?.edits ?? []) === JSON.stringify(before.patch?.edits ?? []);
  if (result === 'healed') return same;
  if (result === 'retry-failed' || result === 'refused') return same ? false : undefined;
  return decided.decision === before.decision;
}

function totals({ name, version }: PromptEntry, trials: readonly PromptTrial[]): PromptComparison['versions'][number] {
  const own = trials.filter((trial) => trial.template === name && trial.version === version);
  return {
    template: name,
    version,
    asked: own.length,
    decided: own.filter(({ confidence }) => confidence !== undefined).length,
    agreed: own.filter(({ agrees }) => agrees === true).length,
    comparable: own.filter(({ agrees }) => agrees !== undefined).length,
    costUsd: own.reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}
