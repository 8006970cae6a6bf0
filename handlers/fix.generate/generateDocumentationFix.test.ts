import { beats, sequences } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { fixRig, generateFix } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';
import { diagnosed, files } from './users-sample.ts';

it('are those of the contract, and give what it asks', async () => {
  expect(Object.keys(fixGenerateHandlers).sort()).toEqual(Object.keys(sequences['fix.generate']).sort());
  await using rig = await fixRig(files, { policy: { notes: 'docs/incidents' } });
  const diagnosis = await diagnosed(rig);
  const { candidates, tests, search, patch, stored } = await generateFix(rig, diagnosis);
  expect(beats.generateCodeFix.output.parse(candidates)).toEqual(candidates);
  expect(beats.generateTestFix.output.parse(tests).tests).toHaveLength(tests.tests.length);
  expect(beats.searchCandidates.output.parse(search).found).toBe(true);
  expect(beats.storePatch.output.parse(stored).valid).toBe(true);
  const record = await rig.ports.records.need('patch', stored?.patchId ?? '');
  expect(record).toMatchObject({ hash: patch?.hash, base: diagnosis.commit, type: 'error', syntax: { valid: true, errors: [] } });
  // doc comment, changelog in its own format, and the note in the folder of the policy
  expect(record.files).toEqual(['CHANGELOG.md', 'docs/incidents/incident-a1.md', 'lib/users.js', 'test/users-regression.test.js']);
  expect(record.diff).toContain('+### Fixed\n');
  expect(record.diff).toMatch(/\+\/\*\* The city of a user\. (Null|Undefined) where the data it needs is missing\. \*\//);
  expect(record.documentation.note).toContain('**Cause** (null-access');
});
