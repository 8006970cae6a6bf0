import type { FixTemplate } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { fixRig } from './fix-rig.ts';
import { createFixGenerateHandlers } from './index.ts';
import { diagnosed, files, loaded } from './users-sample.ts';

it('generateCodeFix asks the templates of plugins too, and none for a coverage gap', async () => {
  await using rig = await fixRig(files);
  const input = await loaded(rig, await diagnosed(rig));
  const own: FixTemplate = {
    name: 'own',
    categories: ['null-access'],
    prior: 1,
    source: 'a plugin',
    propose: ({ analysis }) => [
      {
        edits: [{ file: 'lib/users.js', search: 'user.address.city', replace: 'String(user.address?.city)' }],
        title: 'own',
        rationale: '',
        location: analysis.rootCause.location,
        naturalness: 1,
      },
    ],
  };
  const { generateCodeFix } = createFixGenerateHandlers([own]);
  expect(generateCodeFix(input).candidates[0]).toMatchObject({ template: 'own', score: 1 });
  expect(generateCodeFix({ ...input, diagnosis: { ...input.diagnosis, type: 'coverage' } })).toEqual({
    candidates: [],
    considered: 0,
    notes: [],
  });
});
