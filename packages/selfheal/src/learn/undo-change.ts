import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type LearnedModel, type ModelChange, type Records, SelfhealError } from '@selfheal/contracts';

/**
 * Takes one change of a learned model back: the model holds again what it held before, or is gone where it held nothing. Undoing is a
 * change itself, recorded with before, after and why, so it can be undone too. Fails with RECORD_MISSING for an unknown id, and with
 * INPUT_INVALID where the change is undone already or the model was changed since.
 */
export function undoModelChange(
  records: Records,
  projectId: string,
  changeId: string,
  decision: { by: string; why: string },
): Promise<ModelChange> {
  return records.transaction(async (tx) => {
    const change = await tx.get('modelChange', changeId);
    if (change === undefined || change.projectId !== projectId)
      throw new SelfhealError('RECORD_MISSING', `modelChange ${changeId}; \`selfheal learn report\` lists the changes with their ids`, {
        where: { kind: 'modelChange', id: changeId },
      });
    if (change.undone) throw new SelfhealError('INPUT_INVALID', 'this change is undone already', { where: { change: changeId } });
    const model = await tx.get('model', change.modelId);
    if (!isDeepStrictEqual(model?.value ?? {}, change.after)) throw await changedSince(tx, change);
    const now = Date.now();
    const undoing = inverseOf(change, decision.why, now);
    if (change.before === undefined) await tx.remove('model', [change.modelId]);
    else await tx.put('model', restored(change, change.before, now));
    await tx.put('modelChange', { ...change, undone: true });
    await tx.put('modelChange', undoing);
    await tx.put('audit', {
      id: randomUUID(),
      projectId,
      at: now,
      actor: decision.by,
      action: 'undo',
      subject: changeId,
      detail: decision.why,
    });
    return undoing;
  });
}

function restored({ modelId, projectId, kind, key }: ModelChange, value: LearnedModel['value'], now: number): LearnedModel {
  return { id: modelId, projectId, kind, key, value, updatedAt: now };
}

/** A model that is gone stands as an empty value; what undoing took away is what undoing that brings back. */
function inverseOf(change: ModelChange, why: string, now: number): ModelChange {
  const { projectId, modelId, kind, key, incidentId } = change;
  const id = `mc-${createHash('sha256')
    .update(JSON.stringify([change.id, 'undo', now]))
    .digest('hex')
    .slice(0, 16)}`;
  return {
    id,
    projectId,
    modelId,
    kind,
    key,
    before: change.after,
    after: change.before ?? {},
    why: `undoes ${change.id}: ${why}`,
    ...(incidentId === undefined ? {} : { incidentId }),
    undone: false,
    createdAt: now,
  };
}

async function changedSince(records: Records, change: ModelChange): Promise<SelfhealError> {
  const all = await records.list('modelChange', {
    where: { modelId: change.modelId },
    orderBy: { field: 'createdAt', direction: 'desc' },
  });
  const newer = all.filter((other) => other.id !== change.id && other.createdAt >= change.createdAt && !other.undone).map(({ id }) => id);
  const what =
    newer.length === 0 ? 'the model holds something else by now' : `newer changes rest on it: ${newer.join(', ')}; undo these first`;
  return new SelfhealError('INPUT_INVALID', `${change.kind} ${change.key}: ${what}`, { where: { change: change.id } });
}
