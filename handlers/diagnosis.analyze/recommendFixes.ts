import { createHash } from 'node:crypto';
import type { FixTemplate, Handler, Impact, IssueAnalysis, LearnedModel, Recommendation } from '@selfheal/contracts';
import { fixTemplates } from '@selfheal/repair';
import { adviceFor } from './advice.ts';

/** Learned counts of this weight speak for themselves; below it the template's own prior counts too. */
const FULL_TRUST = 4;

/** With the fix templates of plugins beside the built-in ones. */
export function createRecommendFixes(templates: readonly FixTemplate[]): Handler<'recommendFixes'> {
  return ({ issues, impacts, priors }) => {
    const impactById = new Map(impacts.map(({ anomalyId, impact }) => [anomalyId, impact]));
    return {
      recommendations: issues.map((issue) => ({
        anomalyId: issue.anomalyId,
        recommendations: issue.abstain === undefined ? recommend(issue, impactById.get(issue.anomalyId), templates, priors) : [],
      })),
    };
  };
}

/**
 * diagnosis.analyze, movement assess. What to do about each issue, with effort, benefit and the fix templates that fit, those
 * that worked before first. Issues that abstain get none.
 * Reads: issues, impacts, learned priors. Writes: nothing. Fails: never.
 */
export const recommendFixes: Handler<'recommendFixes'> = createRecommendFixes(fixTemplates);

function recommend(
  issue: IssueAnalysis,
  impact: Impact | undefined,
  templates: readonly FixTemplate[],
  priors: readonly LearnedModel[],
): Recommendation[] {
  const { category, location } = issue.rootCause;
  const advice = adviceFor(issue);
  const priority = impact?.severity ?? 'medium';
  const where = `${location.file}:${location.line}`;
  const benefit = benefitOf(issue, impact);
  const main: Recommendation = {
    id: idOf(issue, advice.type),
    type: advice.type,
    description: `${advice.action} (${where})`,
    priority,
    effort: advice.effort,
    benefit,
    templates: advice.type === 'test' ? [] : fittingTemplates(issue.type, category, templates, priors),
  };
  if (advice.type === 'test') return [main];
  const test: Recommendation = {
    id: idOf(issue, 'test'),
    type: 'test',
    description: `add a regression test that fails before the fix and passes after it (${where})`,
    priority,
    effort: 'small',
    benefit: 'keeps the fault from coming back unseen',
    templates: [],
  };
  return [main, test];
}

function idOf(issue: IssueAnalysis, type: Recommendation['type']): string {
  return createHash('sha256').update(`${issue.anomalyId}|${type}|${issue.rootCause.category}`).digest('hex').slice(0, 16);
}

function benefitOf(issue: IssueAnalysis, impact: Impact | undefined): string {
  const calls =
    impact === undefined
      ? ''
      : `${impact.affectedCalls} calls${impact.shareOfCalls === undefined ? '' : ` (${(impact.shareOfCalls * 100).toFixed(1)} % of all)`}`;
  switch (issue.type) {
    case 'error':
      return `ends an error that hit ${calls === '' ? 'production calls' : calls}`;
    case 'performance':
      return `ends what was measured: ${issue.facts.find((fact) => fact.kind === 'metric')?.statement ?? 'a slow operation'}`;
    case 'behavioral':
      return `lets the flow run as expected again in ${calls === '' ? 'all runs' : calls.replace('calls', 'runs')}`;
    case 'coverage':
      return `guards code that ran ${calls === '' ? 'in production' : calls.replace('calls', 'times in production')} without a test`;
  }
}

function fittingTemplates(
  type: IssueAnalysis['type'],
  category: string,
  templates: readonly FixTemplate[],
  priors: readonly LearnedModel[],
): string[] {
  return templates
    .filter((template) => category === 'unknown' || template.categories.includes(category))
    .map((template) => ({ name: template.name, rate: rateOf(type, template, priors) }))
    .sort((a, b) => b.rate - a.rate)
    .map(({ name }) => name);
}

/** Mean of the learned Beta prior of (class, template), leaning on the template's own prior while little was learned. */
function rateOf(type: IssueAnalysis['type'], template: FixTemplate, priors: readonly LearnedModel[]): number {
  const { alpha, beta } = priors.find((model) => model.kind === 'prior' && model.key === `${type}|${template.name}`)?.value ?? {};
  if (typeof alpha !== 'number' || typeof beta !== 'number' || alpha + beta <= 0) return template.prior;
  const trust = Math.min(1, (alpha + beta) / FULL_TRUST);
  return trust * (alpha / (alpha + beta)) + (1 - trust) * template.prior;
}
