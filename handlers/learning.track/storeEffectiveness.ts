import type { BeatInput, Effectiveness, Handler, Records } from '@selfheal/contracts';
import { templateOf } from './models/lesson.ts';
import { rebaseModel } from './models/rebase-model.ts';

type Input = BeatInput<'storeEffectiveness'>;

/**
 * Sequence learning.track, movement Learn. Keeps the outcome and applies what it teaches, in one transaction. Each change is applied once,
 * whatever is retried, and on top of what other incidents taught meanwhile. Reads model, modelChange. Writes effectiveness, model,
 * modelChange, incident.effectivenessId. Fails with RECORD_MISSING, STORE_* (retryable).
 */
export const storeEffectiveness: Handler<'storeEffectiveness'> = async (input, { records, clock }) => {
  const effectivenessId = `eff-${input.deploymentId}`;
  await records.transaction(async (inside) => {
    const known = await inside.get('effectiveness', effectivenessId);
    await inside.put('effectiveness', effectOf(input, effectivenessId, known?.createdAt ?? clock.now()));
    for (const change of input.changes) await learn(inside, input, change);
    await inside.update('incident', input.incidentId, (incident) => ({ ...incident, effectivenessId, updatedAt: clock.now() }));
  });
  return { effectivenessId };
};

async function learn(records: Records, { models }: Input, change: Input['changes'][number]): Promise<void> {
  const computed = models.find(({ id }) => id === change.modelId);
  if (computed === undefined || (await records.get('modelChange', change.id)) !== undefined) return;
  const stored = await records.get('model', change.modelId);
  const model = rebaseModel(change, computed, stored);
  await records.put('model', model);
  await records.put('modelChange', { ...change, ...(stored === undefined ? {} : { before: stored.value }), after: model.value });
}

function effectOf(input: Input, id: string, createdAt: number): Effectiveness {
  const { projectId, incidentId, deploymentId, anomaly, patch } = input;
  const { before, after, comparisons, improvement, verdict, successful, insights } = input;
  return {
    id,
    projectId,
    incidentId,
    deploymentId,
    type: anomaly.type,
    template: templateOf(patch),
    before,
    after,
    comparisons,
    improvement,
    verdict,
    successful,
    insights,
    createdAt,
  };
}
