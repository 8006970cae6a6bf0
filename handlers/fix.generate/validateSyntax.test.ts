import { beats } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { fixRig, generateFix } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';
import { diagnosed, files, loaded } from './users-sample.ts';

it('validateSyntax reports code that does not parse, and storePatch says that it is of no use', async () => {
  await using rig = await fixRig(files);
  const diagnosis = await diagnosed(rig);
  const { patch } = await generateFix(rig, diagnosis);
  const input = await loaded(rig, diagnosis);
  if (!patch) throw new Error('nothing found');
  const broken = beats.createPatch.output.shape.patch.parse({
    ...patch,
    id: 'patch-broken',
    hash: 'broken',
    edits: [{ file: 'lib/users.js', search: 'return user', replace: 'return (user' }],
  });
  const { syntax } = fixGenerateHandlers.validateSyntax({ patch: broken, sources: input.sources, codebase: input.codebase });
  expect(syntax.valid).toBe(false);
  expect(syntax.errors[0]).toMatchObject({ file: 'lib/users.js' });
  const stored = await fixGenerateHandlers.storePatch(
    { projectId: 'p1', incidentId: diagnosis.incidentId, patch: broken, syntax: beats.validateSyntax.output.shape.syntax.parse(syntax) },
    rig.ports,
  );
  expect(stored).toEqual({ patchId: 'patch-broken', patchHash: 'broken', valid: false });
  expect(await rig.ports.records.need('incident', diagnosis.incidentId)).toMatchObject({
    status: 'no_fix',
    reason: expect.stringContaining('does not compile'),
  });
});
