import { expect, test } from 'vitest';
import { applyChanges } from './applyChanges.ts';
import { commitSubject } from './commit-text.ts';
import { factsOf, storeFacts } from './testing/facts.ts';
import { openFix } from './testing/ship.ts';
import { ShippingRig } from './testing/shipping-rig.ts';

test('commits the patch on its branch, with what it is for and what proves it', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const { commit, branched, facts, loaded } = await openFix(rig);
  expect(await rig.git('rev-parse', branched.branch)).toBe(commit);
  expect((await rig.git('diff', '--name-only', branched.base, commit)).split('\n')).toEqual(['src/cart.js', 'test/first-guard.test.js']);
  const message = await rig.git('log', '-1', '--format=%B', commit);
  expect(message.split('\n')[0]).toBe('Guard cart.items against undefined in first');
  expect(message).toContain('cart.items is undefined for a new cart\n\nSeen at src/cart.js:2 in first.');
  expect(message).toContain('Guarded by "a cart without items" in test/first-guard.test.js');
  expect(await rig.git('log', '-1', '--format=%(trailers)', commit)).toBe(
    [
      'Selfheal-Incident: incident-1',
      'Selfheal-Proposer: templates (guard-null)',
      'Selfheal-Confidence: 0.85',
      'Selfheal-Proof: error: the new test fails on the base and passes with the fix',
      `Selfheal-Key: ${loaded.deploymentId}@${branched.base.slice(0, 12)}/commit`,
      '',
    ].join('\n'),
  );
  const again = await applyChanges({ ...facts, deploymentId: loaded.deploymentId, ...branched }, rig.ports);
  expect(again).toEqual({ commit });
  expect((await rig.ports.records.need('deployment', loaded.deploymentId)).commit).toBe(commit);
});

test('a patch that no longer fits is refused', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const facts = await storeFacts(rig, 'error', [{ file: 'src/cart.js', search: 'not there', replace: '' }]);
  await expect(openFix(rig, facts)).rejects.toMatchObject({ code: 'PATCH_CONFLICT' });
});

test('a subject is one line of at most 72 characters, also for a patch that only brings a test', () => {
  const { incident, patch } = factsOf();
  const { candidate: _none, ...testOnly } = patch;
  const subject = commitSubject({ title: `gap\n${'x'.repeat(90)}` }, testOnly);
  expect(subject).toMatch(/^Test first: gap x+…$/);
  expect(subject).toHaveLength(72);
  expect(commitSubject(incident, patch)).toBe(patch.candidate?.title);
});
