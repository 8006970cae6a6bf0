import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelfhealConfigInput } from '@selfheal/contracts';
import type { RemediationCall } from '@selfheal/temporal';
import { expect, it, onTestFinished } from 'vitest';
import { keepPatch } from './keep-patch.ts';
import { GUARD, patchRig } from './patch-rig-for-tests.ts';

const CALL: RemediationCall = { signal: new AbortController().signal, attempt: 1, heartbeat: () => undefined };

async function rigWith(policy: SelfhealConfigInput['policy'] = {}) {
  const rig = await patchRig({ policy });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return { ...rig, keep: () => keepPatch(rig.parts, { attemptId: 'a', proof: '1 tests pass' }, CALL) };
}

it('is merged once, and the tree moves with it', async () => {
  const rig = await rigWith();
  await rig.attempt('a', [GUARD], { confidence: 0.6 });
  const kept = await rig.keep();
  expect(kept).toEqual({ merged: true, where: expect.stringMatching(/^merged as \w{10}$/) });
  expect(await readFile(join(rig.root, 'src/total.js'), 'utf8')).toContain('(order.lines ?? []).reduce');
  const head = await rig.git('rev-parse', 'HEAD');
  expect(await rig.keep()).toEqual(kept);
  expect(await rig.git('rev-parse', 'HEAD')).toBe(head);
  expect(await rig.git('log', '-1', '--format=%B', 'HEAD^2')).toMatch(
    /Selfheal-Attempt: a\nSelfheal-Proposer: repair-engine\nSelfheal-Confidence: 0.60/,
  );
  expect(await rig.records.need('deployment', 'a')).toMatchObject({ status: 'merged', approval: { decision: 'approved' } });
});

it.each([
  ['the confidence is below the threshold', {}, { confidence: 0.59 }, 'confidence 0.59 is below 0.60 (policy.autoMergeConfidence)'],
  ['the threshold is higher', { autoMergeConfidence: 0.95 }, {}, 'confidence 0.90 is below 0.95 (policy.autoMergeConfidence)'],
  [
    'a model made it, however sure',
    { autoMergeConfidence: 0 },
    { confidence: 1, model: 'house' },
    'the model house proposed it; a person decides',
  ],
  ['the policy asks for a review', { approve: 'review' as const }, { confidence: 1 }, 'the policy asks a person to review each fix'],
])('waits for a person where %s', async (_, policy, decision, why) => {
  const rig = await rigWith(policy);
  await rig.attempt('a', [GUARD], decision);
  expect(await rig.keep()).toEqual({
    merged: false,
    where: expect.stringMatching(/^pull request #1 on selfheal\/priceorder-\w{8} waits for review: /),
  });
  expect(await rig.records.need('deployment', 'a')).toMatchObject({ approval: { required: true, decision: 'pending', why } });
  expect(await rig.git('log', '--oneline', 'main')).toMatch(/^\w+ Price orders$/);
});

it('waits where the tree has changes of its own, which stay', async () => {
  const rig = await rigWith();
  await rig.attempt('a', [GUARD]);
  await writeFile(join(rig.root, 'src/total.js'), '// mine\n');
  expect(await rig.keep()).toMatchObject({ merged: false, where: expect.stringContaining('waits') });
  expect(await readFile(join(rig.root, 'src/total.js'), 'utf8')).toBe('// mine\n');
});
