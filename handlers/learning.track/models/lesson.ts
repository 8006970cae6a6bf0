import { createHash } from 'node:crypto';
import type { Anomaly, Incident, LearnedModel, ModelChange, Patch, Validation } from '@selfheal/contracts';

/** A fix with a verdict from production. */
export interface Outcome {
  readonly projectId: string;
  /** Epoch ms. */
  readonly now: number;
  readonly incident: Incident;
  readonly anomaly: Anomaly;
  readonly patch: Patch;
  readonly validation: Validation;
  readonly successful: boolean;
}

/** A model as it is after an outcome. */
export interface Lesson {
  readonly model: LearnedModel;
  readonly before: LearnedModel['value'] | undefined;
  readonly why: string;
}

/** Learns one thing from an outcome, or nothing. */
export type Learn = (outcome: Outcome, models: readonly LearnedModel[]) => Lesson[];

/** The change's id is that of its cause: the same outcome changes a model once. */
export function changeOf({ projectId, now, incident, patch }: Outcome, { model, before, why }: Lesson): ModelChange {
  const cause = JSON.stringify([model.id, incident.id, patch.hash, patch.base]);
  return {
    id: `mc-${createHash('sha256').update(cause).digest('hex').slice(0, 16)}`,
    projectId,
    modelId: model.id,
    kind: model.kind,
    key: model.key,
    ...(before === undefined ? {} : { before }),
    after: model.value,
    why,
    incidentId: incident.id,
    undone: false,
    createdAt: now,
  };
}

export function findModel(models: readonly LearnedModel[], kind: LearnedModel['kind'], key: string): LearnedModel | undefined {
  return models.find((model) => model.kind === kind && model.key === key);
}

/** What proposed the fix: its template, or the kind of test where only a test was written. */
export function templateOf(patch: Pick<Patch, 'candidate' | 'test'>): string {
  return patch.candidate?.template ?? `test:${patch.test.proof}`;
}
