import { expect, it } from 'vitest';
import { fixRig } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';
import { diagnosed, files, loaded } from './users-sample.ts';

it('writes tests of the logged call in the runner and style of the repository', async () => {
  await using rig = await fixRig(files);
  const { tests } = fixGenerateHandlers.generateTestFix(await loaded(rig, await diagnosed(rig)));
  expect(tests.length).toBeGreaterThan(0);
  for (const test of tests) {
    expect(test).toMatchObject({ proof: 'reproduction', runner: 'node:test', file: expect.stringMatching(/^test\/.*\.test\.js$/) });
    expect(test.edits.map(({ replace }) => replace).join('')).toContain("require('../lib/users')");
  }
});
