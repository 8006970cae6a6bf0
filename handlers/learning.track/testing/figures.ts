import type { BeatInput, Deployment, Effectiveness, LearnedModel, MetricComparison, MetricSummary } from '@selfheal/contracts';
import { type Facts, factsOf } from '../../deployment.deploy/testing/facts.ts';
import { DEPLOYED_AT, PROJECT } from '../../deployment.deploy/testing/shipping-rig.ts';

export function summaryOf(parts: Partial<MetricSummary> = {}): MetricSummary {
  return { from: 0, to: 1, count: 0, errors: 0, errorRate: 0, durations: [], incidentErrors: 0, flowRuns: 0, flowConforming: 0, ...parts };
}

export function comparisonOf(metric: string, before: number, after: number, parts: Partial<MetricComparison> = {}): MetricComparison {
  const improvement = before > 0 ? (before - after) / before : 0;
  return { metric, before, after, improvement, effect: before - after, pValue: 0.001, significant: true, enoughData: true, ...parts };
}

export function deploymentOf(facts: Facts = factsOf(), parts: Partial<Deployment> = {}): Deployment {
  return {
    id: 'dep-1',
    projectId: PROJECT,
    incidentId: facts.incident.id,
    patchId: facts.patch.id,
    patchHash: facts.patch.hash,
    validationId: facts.validation.id,
    branch: 'selfheal/error-x-1',
    baseBranch: 'main',
    mergeCommit: 'c'.repeat(40),
    approval: { required: false, decision: 'approved', by: 'policy', why: 'sure' },
    deploy: { deployed: true, key: 'k', output: '', at: DEPLOYED_AT, durationMs: 1 },
    status: 'deployed',
    treeUntouched: false,
    createdAt: DEPLOYED_AT - 10,
    updatedAt: DEPLOYED_AT,
    ...parts,
  };
}

export function effectOf(parts: Partial<Effectiveness> = {}): Effectiveness {
  return {
    id: 'eff-0',
    projectId: PROJECT,
    incidentId: 'incident-0',
    deploymentId: 'dep-0',
    type: 'error',
    template: 'guard-null',
    before: summaryOf(),
    after: summaryOf(),
    comparisons: [],
    improvement: {},
    verdict: 'verified',
    successful: true,
    insights: [],
    createdAt: 1,
    ...parts,
  };
}

export function outcomeOf(parts: Partial<BeatInput<'updateLearningModels'>> = {}): BeatInput<'updateLearningModels'> {
  const { incident, anomaly, patch, validation } = factsOf();
  return { projectId: PROJECT, now: 7, incident, anomaly, patch, validation, models: [], successful: true, verdict: 'verified', ...parts };
}

export function modelOf(kind: LearnedModel['kind'], key: string, value: LearnedModel['value']): LearnedModel {
  return { id: `${PROJECT}|${kind}|${key}`, projectId: PROJECT, kind, key, value, updatedAt: 1 };
}
