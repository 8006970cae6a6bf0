import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pullRequestBody } from './pull-request-text.ts';
import { calibrationOf, factsOf } from './testing/facts.ts';
import { deploymentOf, openFix } from './testing/ship.ts';
import { ShippingRig } from './testing/shipping-rig.ts';

test('opens one pull request for the branch, readable as a page', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const opened = await openFix(rig);
  const { pullRequest } = await openFix(rig, opened.facts);
  expect(pullRequest).toEqual(opened.pullRequest);
  expect(pullRequest).toMatchObject({ number: 1, status: 'open', head: opened.commit, baseBranch: 'main' });
  expect(await deploymentOf(rig, opened)).toMatchObject({ status: 'open', pullRequest: { number: 1 } });
  const page = await readFile(join(rig.root, '.selfheal/pull-requests/1.md'), 'utf8');
  expect(page).toContain('# #1 Guard cart.items against undefined in first');
});

test('the text tells cause, evidence, change, test, proof, record and trailers', () => {
  const facts = factsOf();
  const text = pullRequestBody({ ...facts, deploymentId: 'd', calibration: [], branch: 'b', baseBranch: 'main', commit: 'c' }, 'key-1');
  expect(text.match(/^## .*$/gm)).toEqual(['## Cause', '## Evidence', '## Change', '## Test', '## Proof', '## Record of this class']);
  expect(text).toContain('cart.items is undefined for a new cart (`src/cart.js:2` in `first`, confidence 0.90)');
  expect(text).toContain('2 files, +1 -1: `src/cart.js`, `test/first-guard.test.js`');
  expect(text).toContain('| proof | passed | fails before, passes after |\n| performance | failed (not required) | noisy \\| machine |');
  expect(text).toContain('No error fix has a verdict from production yet.');
  expect(text).toContain(`Proposed by templates (${facts.patch.candidate?.template}).`);
  expect(text.split('\n').slice(-5)).toEqual([
    'Selfheal-Incident: incident-1',
    `Selfheal-Proposer: templates (${facts.patch.candidate?.template})`,
    'Selfheal-Confidence: 0.85',
    'Selfheal-Proof: error: the new test fails on the base and passes with the fix',
    'Selfheal-Key: key-1',
  ]);
});

test('texts of a log are shown and not rendered', () => {
  const facts = factsOf();
  const text = pullRequestBody({ ...facts, deploymentId: 'd', calibration: [], branch: 'b', baseBranch: 'main', commit: 'c' }, 'k');
  expect(text).toContain('\\<script\\>alert(1)\\</script\\>');
  expect(text).toContain('`app.log:7` `` Cannot read `properties` of undefined [x](http://evil) ``');
});

test('a long diff is cut, and a fence holds any backticks', () => {
  const { patch, ...facts } = factsOf();
  const diff = `--- a/x\n+++ b/x\n${'+ ```` \n'.repeat(500)}`;
  const text = pullRequestBody(
    { ...facts, patch: { ...patch, diff }, deploymentId: 'd', calibration: [], branch: 'b', baseBranch: 'main', commit: 'c' },
    'k',
  );
  expect(text).toContain('`````diff\n');
  expect(text).toContain('… 102 more lines\n`````');
});

test('tells how many fixes of the class held so far', () => {
  const bins = [{ from: 0.8, to: 0.9, right: 3, total: 4 }, 'damaged'];
  const facts = { ...factsOf(), deploymentId: 'd', branch: 'b', baseBranch: 'main', commit: 'c' };
  expect(pullRequestBody({ ...facts, calibration: [calibrationOf('error', { bins })] }, 'k')).toContain(
    '3 of 4 error fixes held in production so far (75 %).',
  );
});
