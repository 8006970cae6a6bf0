import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, type Rig, startRig } from './rig.ts';

/** More than a history carries in one field. */
const MANY = 60;

describe('sweep', () => {
  let rig: Rig;
  beforeAll(async () => {
    const incidents = Array.from({ length: MANY }, (_, index) => ({
      id: `inc-${index}`,
      fingerprint: `f-${index}`,
      workflowId: `heal/p/f-${index}`,
      type: 'error',
      title: `TypeError: Cannot read properties of undefined (reading 'part${index}') in describe${index}`,
      status: 'open',
    }));
    rig = await startRig({
      detect: () => ({ healthy: false, summary: `${MANY} causes`, incidents, findings: incidents.map(({ id }) => `anomaly of ${id}`) }),
      diagnose: () => ({ abstained: 'the chain is not under test here' }),
    });
  });
  afterAll(async () => rig[Symbol.asyncDispose]());

  const beat = (handler: string) => ({ handler, kind: 'stage-crew', timing: 'async' });

  it('starts a heal of each cause, however many there are', async () => {
    const plans = {
      'anomaly.detect': planOf('anomaly.detect', [beat('detect')]),
      'diagnosis.analyze': planOf('diagnosis.analyze', [beat('diagnose')]),
    };
    const result = await rig.engine.sweep({
      projectId: 'p',
      lookbackMs: 1,
      plans,
      routing: { local: [], ship: [] },
      policy: { maxAttempts: 1 },
    });
    expect(result.incidents.filter(({ started }) => started)).toHaveLength(MANY);
    expect(result.findings).toHaveLength(MANY);
    for (const { workflowId } of result.incidents) expect(await rig.engine.healResult(workflowId)).toMatchObject({ status: 'abstained' });
  });
});
