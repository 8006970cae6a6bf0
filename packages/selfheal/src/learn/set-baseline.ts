import { createHash, randomUUID } from 'node:crypto';
import { establishBaselines, operationMatcher } from '@selfheal/anomaly';
import { type LearnedModel, type ModelChange, type Records, SelfhealError } from '@selfheal/contracts';
import { releasesOf } from '@selfheal/handlers/stored-telemetry';
import { newestTelemetry, type ReportSource } from '../report/stored-telemetry.ts';

export interface BaselineDecision {
  /** Operations whose names match; `*` stands for any characters. */
  readonly operation: string;
  readonly by: string;
  readonly why: string;
}

/**
 * What the newest stored stretch shows is normal from now on, slower or not. Each change is recorded and can be undone. Returns the
 * operations. Fails with INPUT_INVALID where no operation of that name has enough timed calls.
 */
export async function setBaselines(source: ReportSource, decision: BaselineDecision): Promise<string[]> {
  const { records, project } = source;
  const stored = await newestTelemetry(source);
  const marks = await records.list('release', { where: { projectId: project.id } });
  const models =
    stored === undefined
      ? []
      : establishBaselines(
          {
            projectId: project.id,
            window: stored.window,
            slices: [...stored.slices],
            releases: releasesOf(stored.slices, marks, { history: [] }),
          },
          operationMatcher(decision.operation),
        );
  if (models.length === 0)
    throw new SelfhealError(
      'INPUT_INVALID',
      `no operation named ${decision.operation} has 30 timed calls in the stored telemetry; \`selfheal telemetry top\` lists them`,
    );
  await records.transaction(async (tx) => {
    for (const model of models) {
      const known = await tx.get('model', model.id);
      await tx.put('model', model);
      await record(tx, model, known, decision);
    }
  });
  return models.map(({ key }) => key);
}

/** Forgets baselines: they are learned anew from the next healthy sweep. Returns the operations. Fails with INPUT_INVALID where there is none. */
export async function resetBaselines({ records, project }: ReportSource, decision: BaselineDecision): Promise<string[]> {
  const isWanted = operationMatcher(decision.operation);
  const models = (await records.list('model', { where: { projectId: project.id, kind: 'baseline' } })).filter(({ key }) => isWanted(key));
  if (models.length === 0)
    throw new SelfhealError('INPUT_INVALID', `no baseline is named ${decision.operation}; \`selfheal baseline\` lists them`);
  await records.transaction(async (tx) => {
    await tx.remove(
      'model',
      models.map(({ id }) => id),
    );
    for (const model of models) await record(tx, { ...model, value: {} }, model, decision);
  });
  return models.map(({ key }) => key);
}

async function record(tx: Records, after: LearnedModel, before: LearnedModel | undefined, { by, why }: BaselineDecision): Promise<void> {
  const { id, projectId, kind, key } = after;
  const now = Date.now();
  const digest = createHash('sha256')
    .update(JSON.stringify([id, now, why]))
    .digest('hex');
  const change: ModelChange = {
    id: `mc-${digest.slice(0, 16)}`,
    projectId,
    modelId: id,
    kind,
    key,
    ...(before === undefined ? {} : { before: before.value }),
    after: after.value,
    why,
    undone: false,
    createdAt: now,
  };
  await tx.put('modelChange', change);
  await tx.put('audit', { id: randomUUID(), projectId, at: now, actor: by, action: 'baseline', subject: change.id, detail: why });
}
