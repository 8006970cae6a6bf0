import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raiseThreshold } from '@selfheal/anomaly';
import type { Records } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { undoModelChange } from './undo-change.ts';

const ANN = { by: 'ann', why: 'it was a fault after all' };

describe('undoModelChange', () => {
  let records: Records;
  beforeEach(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'selfheal-undo-'));
    const store = await openStore({ dataDir });
    onTestFinished(async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    });
    records = store.records;
  });

  /** A dismissal, as it is stored. */
  async function dismiss(now: number): Promise<{ changeId: string; modelId: string }> {
    const [known] = await records.list('model', { where: { projectId: 'p' } });
    const { model, change } = raiseThreshold(known, { projectId: 'p', detector: 'errors', place: 'src/a.js', why: 'noise', now });
    await records.put('model', model);
    await records.put('modelChange', change);
    return { changeId: change.id, modelId: model.id };
  }
  const factorOf = async (modelId: string) => (await records.get('model', modelId))?.value.factor;

  it('restores what the model held before, records that, and lets it be undone in turn', async () => {
    await dismiss(1);
    const { changeId, modelId } = await dismiss(2);
    expect(await factorOf(modelId)).toBe(2.25);
    const undoing = await undoModelChange(records, 'p', changeId, ANN);
    expect(await factorOf(modelId)).toBe(1.5);
    expect(await records.need('modelChange', changeId)).toMatchObject({ undone: true });
    expect(undoing).toMatchObject({
      before: { factor: 2.25 },
      after: { factor: 1.5 },
      why: expect.stringContaining(ANN.why),
      undone: false,
    });
    expect(await records.list('audit', { where: { projectId: 'p' } })).toMatchObject([{ actor: 'ann', action: 'undo', subject: changeId }]);
    await undoModelChange(records, 'p', undoing.id, ANN);
    expect(await factorOf(modelId)).toBe(2.25);
  });

  it('removes a model that the change had made, and brings it back', async () => {
    const { changeId, modelId } = await dismiss(1);
    const undoing = await undoModelChange(records, 'p', changeId, ANN);
    expect(await records.get('model', modelId)).toBeUndefined();
    await undoModelChange(records, 'p', undoing.id, ANN);
    expect(await factorOf(modelId)).toBe(1.5);
  });

  it('keeps a change that newer ones rest on, and names them; newest first, all can be undone', async () => {
    const first = await dismiss(1);
    const second = await dismiss(2);
    await expect(undoModelChange(records, 'p', first.changeId, ANN)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: expect.stringContaining(second.changeId),
    });
    expect(await factorOf(first.modelId)).toBe(2.25);
    await undoModelChange(records, 'p', second.changeId, ANN);
    await undoModelChange(records, 'p', first.changeId, ANN);
    expect(await records.get('model', first.modelId)).toBeUndefined();
  });

  it('refuses an unknown id, one of another project, and one that is undone already', async () => {
    const { changeId } = await dismiss(1);
    await expect(undoModelChange(records, 'p', 'mc-nowhere', ANN)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
    await expect(undoModelChange(records, 'other', changeId, ANN)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
    await undoModelChange(records, 'p', changeId, ANN);
    await expect(undoModelChange(records, 'p', changeId, ANN)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
