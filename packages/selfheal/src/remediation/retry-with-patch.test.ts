import type { Edit, FailedBeat } from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import type { RemediationCall } from '@selfheal/temporal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUARD, type PatchRig, patchRig } from './patch-rig-for-tests.ts';
import { retryWithPatch } from './retry-with-patch.ts';

const CALL: RemediationCall = { signal: new AbortController().signal, attempt: 1, heartbeat: () => undefined };
const FAILURE: FailedBeat = {
  sequence: 'orders.price',
  movement: 'all',
  beat: 'priceOrder',
  handler: 'priceOrder',
  ordinal: 1,
  workflowId: 'w',
  runId: 'r',
  input: { id: 'A' },
  error: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'reduce')", causes: [] },
};

describe('a beat that is run again with a patch', () => {
  let rig: PatchRig;
  beforeAll(async () => {
    rig = await patchRig();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const retry = async (id: string, edits: readonly Edit[], more: { proveOnly?: boolean } = {}) => {
    await rig.attempt(id, edits);
    return retryWithPatch(rig.parts, { attemptId: id, failure: FAILURE, proveOnly: false, ...more }, CALL);
  };

  it('ends well with the right one, in a copy: the repository stays as it was', async () => {
    expect(await retry('right', [GUARD])).toEqual({ kind: 'healed', output: { total: 0 }, proof: '1 tests pass with the patch' });
    expect(await rig.git('status', '--porcelain')).toBe('');
    expect(await rig.git('log', '--oneline', '--all')).toMatch(/^\w+ Price orders$/);
  });

  it('is not run where it is only to be proved', async () => {
    expect(await retry('prove', [GUARD], { proveOnly: true })).toMatchObject({ kind: 'proved' });
  });

  it('fails with its new error where the patch does not help', async () => {
    const other: Edit = { ...GUARD, replace: 'order.lines.map((line) => line).reduce' };
    expect(await retry('no-help', [other])).toMatchObject({
      kind: 'failed',
      error: { type: 'TypeError', message: expect.stringContaining("'map'") },
    });
  });

  it.each<[string, Edit, RegExp]>([
    ['bends a test', { file: 'test/total.test.js', search: ', 5)', replace: ', total({ lines: [] }) + 5)' }, /test\/total\.test\.js/],
    ['changes what the tests are', { file: 'package.json', search: 'node --test', replace: 'true' }, /package\.json/],
    ['edits the build of others', { file: '.github/workflows/ci.yml', search: '', replace: 'on: push' }, /CI configuration/],
    ['breaks a test that passed', { ...GUARD, replace: '[].reduce' }, /it breaks .*adds up/],
    ['does not fit', { ...GUARD, search: 'order.rows.reduce' }, /./],
    ['leaves the repository', { file: '../outside.js', search: '', replace: 'x' }, /./],
  ])('is not run where the patch %s', async (name, edit, why) => {
    expect(await retry(name, [edit])).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('is not run with a patch that is barred', async () => {
    await rig.records.put('barredPatch', {
      id: 'b',
      projectId: 'p',
      hash: hashEdits([GUARD]),
      why: 'it made orders free',
      incidentId: 'i',
      createdAt: 1,
    });
    expect(await retry('barred', [GUARD])).toEqual({ kind: 'refused', why: 'it is barred: it made orders free' });
  });
});
