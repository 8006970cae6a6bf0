import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HealInput, HealPolicy } from '../src/index.ts';
import { planOf, type Rig, startRig } from './rig.ts';

/** What each sequence answers in turn; the chain is what is under test here, so its sequences are one scripted beat each. */
type Script = Record<string, Record<string, unknown>[]>;
const SEQUENCES = ['diagnosis.analyze', 'fix.generate', 'validation.run', 'deployment.deploy', 'learning.track'];

const found = (hash: string) => ({ found: true, patchId: `patch-${hash}`, patchHash: hash, remaining: 1, summary: `patch ${hash}` });
const refused = { passed: false, validationId: 'v', summary: 'a test changed its result' };
const passed = { passed: true, validationId: 'v', confidence: 0.9, summary: 'proved' };
const shipped = { deploymentId: 'd', status: 'verified', summary: 'verified on 40 calls' };
const diagnosed = { diagnosisId: 'dia', confidence: 0.9, summary: 'null access' };
const learned = { effectivenessId: 'e', successful: true, summary: 'errors gone' };

describe('healIncident', () => {
  let rig: Rig;
  let script: Script = {};
  let inputs: { sequence: string; input: Record<string, unknown> }[] = [];
  let count = 0;

  beforeAll(async () => {
    const handlers = Object.fromEntries(
      SEQUENCES.map((sequence) => [
        `answer-${sequence}`,
        (input: unknown) => {
          inputs.push({ sequence, input: input as Record<string, unknown> });
          const answer = script[sequence]?.shift();
          if (answer === undefined) throw new TypeError(`${sequence} was not expected`);
          return answer;
        },
      ]),
    );
    rig = await startRig(handlers);
  });
  afterAll(async () => rig[Symbol.asyncDispose]());
  beforeEach(() => {
    inputs = [];
    rig.marks.length = 0;
  });

  const plans = Object.fromEntries(
    SEQUENCES.map((sequence) => [
      sequence,
      planOf(sequence, [{ handler: `answer-${sequence}`, kind: 'stage-crew', timing: 'async', retry: { maximumAttempts: 1 } }]),
    ]),
  );
  async function start(answers: Script, policy: Partial<HealPolicy> = {}): Promise<string> {
    script = answers;
    const workflowId = `heal/p/${count++}`;
    const input: HealInput = {
      projectId: 'p',
      incidentId: 'inc-1',
      fingerprint: 'f',
      type: 'error',
      title: 'TypeError',
      plans,
      routing: { local: [], ship: [] },
      policy: { maxAttempts: 3, ...policy },
    };
    await rig.engine.startHeal(input, workflowId);
    return workflowId;
  }

  it('goes through all five stages and ends healed', async () => {
    const id = await start({
      'diagnosis.analyze': [diagnosed],
      'fix.generate': [found('h1')],
      'validation.run': [passed],
      'deployment.deploy': [shipped],
      'learning.track': [learned],
    });
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'healed', patchHash: 'h1' });
    expect(inputs.map(({ sequence }) => sequence)).toEqual(SEQUENCES);
    expect(rig.marks.map(({ status }) => status)).toEqual(['diagnosing', 'fixing', 'validating', 'deploying', 'verifying', 'healed']);
  });

  it('bars a refused patch and tries the next-best one', async () => {
    const id = await start({
      'diagnosis.analyze': [diagnosed],
      'fix.generate': [found('h1'), found('h2')],
      'validation.run': [refused, passed],
      'deployment.deploy': [shipped],
      'learning.track': [learned],
    });
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'healed', patchHash: 'h2' });
    expect(inputs.filter(({ sequence }) => sequence === 'fix.generate').map(({ input }) => input.barred)).toEqual([[], ['h1']]);
  });

  it('gives up after the attempts that policy allows', async () => {
    const id = await start(
      { 'diagnosis.analyze': [diagnosed], 'fix.generate': [found('h1'), found('h2')], 'validation.run': [refused, refused] },
      { maxAttempts: 2 },
    );
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'invalid', reason: expect.stringContaining('2 patches were refused') });
  });

  it('stops where diagnosis abstains, and says why', async () => {
    const id = await start({ 'diagnosis.analyze': [{ ...diagnosed, abstained: 'no frame in the repository' }] });
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'abstained', reason: 'no frame in the repository' });
  });

  it('fails with the reason of the beat that failed', async () => {
    const id = await start({});
    await expect(rig.engine.healResult(id)).rejects.toThrow(/diagnosis.analyze was not expected/);
    expect(rig.marks.at(-1)).toMatchObject({ status: 'failed', reason: expect.stringContaining('was not expected') });
  });

  it('waits for a decision on exactly the patch that was reviewed, over a restart', async () => {
    const waiting = { deploymentId: 'd', status: 'waiting_review', summary: 'waits' };
    const id = await start({
      'diagnosis.analyze': [diagnosed],
      'fix.generate': [found('h1')],
      'validation.run': [passed],
      'deployment.deploy': [waiting, shipped],
      'learning.track': [learned],
    });
    await expect
      .poll(async () => (await rig.engine.healState(id))?.awaiting, { timeout: 20_000 })
      .toEqual({ patchHash: 'h1', patchId: 'patch-h1' });
    await expect(rig.engine.decide(id, { patchHash: 'h0', approved: true, by: 'a', why: '' })).rejects.toMatchObject({
      code: 'APPROVAL_INVALID',
    });
    await rig.restart();
    await rig.engine.decide(id, { patchHash: 'h1', approved: true, by: 'ann', why: 'reads well' });
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'healed' });
    expect(inputs.findLast(({ sequence }) => sequence === 'deployment.deploy')?.input.decision).toEqual({
      approved: true,
      by: 'ann',
      why: 'reads well',
      patchHash: 'h1',
    });
    await expect(rig.engine.decide(id, { patchHash: 'h1', approved: true, by: 'b', why: '' })).rejects.toMatchObject({
      code: 'APPROVAL_INVALID',
    });
  });

  it('has one heal for one cause: a second start joins the first', async () => {
    const waiting = { deploymentId: 'd', status: 'waiting_review', summary: 'waits' };
    const rejected = { deploymentId: 'd', status: 'rejected', summary: 'rejected by ann' };
    const id = await start({
      'diagnosis.analyze': [diagnosed],
      'fix.generate': [found('h1')],
      'validation.run': [passed],
      'deployment.deploy': [waiting, rejected],
    });
    await expect.poll(async () => (await rig.engine.healState(id))?.awaiting, { timeout: 20_000 }).toBeDefined();
    await rig.engine.startHeal(
      {
        projectId: 'p',
        incidentId: 'inc-1',
        fingerprint: 'f',
        type: 'error',
        title: 't',
        plans,
        routing: { local: [], ship: [] },
        policy: { maxAttempts: 1 },
      },
      id,
    );
    await rig.engine.decide(id, { patchHash: 'h1', approved: false, by: 'ann', why: 'no' });
    expect(await rig.engine.healResult(id)).toMatchObject({ status: 'rejected' });
    expect(inputs.filter(({ sequence }) => sequence === 'diagnosis.analyze')).toHaveLength(1);
  });
});
