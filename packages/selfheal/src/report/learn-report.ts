import type { Effectiveness, LearnedModel, ModelChange, Records } from '@selfheal/contracts';

export interface LearnReport {
  outcomes: { type: string; template: string; successful: number; total: number }[];
  models: LearnedModel[];
  changes: ModelChange[];
  /** The same for a person. */
  lines: string[];
}

/** What was learned so far: outcomes by class and template, models, and why each changed. */
export async function learnReport(records: Records, projectId: string): Promise<LearnReport> {
  const effects = await records.list('effectiveness', { where: { projectId } });
  const models = await records.list('model', { where: { projectId } });
  const changes = await records.list('modelChange', {
    where: { projectId },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  });
  const outcomes = countOutcomes(effects);
  return { outcomes, models, changes, lines: linesOf(outcomes, models, changes, effects) };
}

function countOutcomes(effects: readonly Effectiveness[]): LearnReport['outcomes'] {
  const groups = new Map<string, LearnReport['outcomes'][number]>();
  for (const { type, template, successful } of effects) {
    const group = groups.get(`${type}|${template}`) ?? { type, template, successful: 0, total: 0 };
    groups.set(`${type}|${template}`, { ...group, successful: group.successful + (successful ? 1 : 0), total: group.total + 1 });
  }
  return [...groups.values()].sort((a, b) => b.total - a.total);
}

function linesOf(
  outcomes: LearnReport['outcomes'],
  models: readonly LearnedModel[],
  changes: readonly ModelChange[],
  effects: readonly Effectiveness[],
): string[] {
  if (effects.length === 0 && models.length === 0) return ['Nothing learned so far: no fix was shipped and nothing dismissed.'];
  const priors = models.filter((model) => model.kind === 'prior');
  return [
    `${effects.length} shipped ${effects.length === 1 ? 'fix' : 'fixes'}, ${effects.filter((effect) => effect.successful).length} successful`,
    ...outcomes.map((outcome) => `  ${outcome.type.padEnd(12)} ${outcome.template.padEnd(24)} ${outcome.successful} of ${outcome.total}`),
    ...(priors.length === 0 ? [] : ['Priors (Beta; mean is the chance that a fix of this template works):']),
    ...priors.map((prior) => `  ${prior.key.padEnd(40)} ${meanOf(prior)}`),
    ...thresholdLines(models),
    ...(changes.length === 0 ? [] : ['Latest changes:']),
    ...changes
      .slice(0, 10)
      .map(
        (change) =>
          `  ${new Date(change.createdAt).toISOString()} ${change.id} ${change.kind} ${change.key}: ${change.why}${change.undone ? ' (undone)' : ''}`,
      ),
    ...effects.flatMap((effect) => effect.insights.map((insight) => `  · ${insight.text}`)).slice(-10),
  ];
}

function meanOf(prior: LearnedModel): string {
  const { alpha, beta } = prior.value;
  return typeof alpha === 'number' && typeof beta === 'number'
    ? `${(alpha / (alpha + beta)).toFixed(2)} (α ${alpha}, β ${beta})`
    : JSON.stringify(prior.value);
}

function thresholdLines(models: readonly LearnedModel[]): string[] {
  const raised = models.filter((model) => model.kind === 'threshold');
  return raised.length === 0 ? [] : ['Raised thresholds:', ...raised.map((model) => `  ${model.key} × ${String(model.value.factor)}`)];
}
