import { expect, it } from 'vitest';
import { fixRig, generateFix } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';
import { diagnosed, files, loaded } from './users-sample.ts';

it('createPatch refuses parts that do not fit each other', async () => {
  await using rig = await fixRig(files);
  const diagnosis = await diagnosed(rig);
  const { search } = await generateFix(rig, diagnosis);
  const { sources } = await loaded(rig, diagnosis);
  const { candidate, test } = search;
  if (!candidate || !test) throw new Error('nothing found');
  const parts = {
    diagnosis,
    sources,
    candidate,
    test,
    documentation: { edits: candidate.edits, note: '', touched: [] },
    trials: [],
    remaining: 0,
  };
  expect(() => fixGenerateHandlers.createPatch(parts)).toThrow(expect.objectContaining({ code: 'PATCH_CONFLICT' }));
  const { patch } = fixGenerateHandlers.createPatch({ ...parts, documentation: { edits: [], note: '', touched: [] } });
  expect(patch.id).toBe(`patch-${patch.hash.slice(0, 16)}`);
});
