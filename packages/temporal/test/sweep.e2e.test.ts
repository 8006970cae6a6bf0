import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, type Rig, startRig } from './rig.ts';

/** More than a history carries in one field. */
const MANY = 60;

describe('sweep', () => {
  let rig: Rig;
  /** Of the detections, in order. */
  const inputs: unknown[] = [];
  beforeAll(async () => {
    const incidents = Array.from({ length: MANY }, (_, index) => ({
      id: `inc-${index}`,
      fingerprint: `f-${index}`,
      workflowId: `heal/p/f-${index}`,
      type: 'error',
      title: `TypeError: Cannot read properties of undefined (reading 'part${index}') in describe${index}`,
      status: 'open',
    }));
    const found = { healthy: false, summary: `${MANY} causes`, incidents, findings: incidents.map(({ id }) => `anomaly of ${id}`) };
    const handlers = {
      detect(input: unknown) {
        inputs.push(input);
        return inputs.length === 1 ? found : { healthy: true, summary: `window ${inputs.length}`, incidents: [], findings: [] };
      },
      diagnose: () => ({ abstained: 'the chain is not under test here' }),
    };
    rig = await startRig(handlers, { offClockWindows: async ({ lookbackMs }) => [{ from: 1, to: 1 + lookbackMs }] });
  });
  afterAll(async () => rig[Symbol.asyncDispose]());

  const beat = (handler: string) => ({ handler, kind: 'stage-crew', timing: 'async' });

  const plans = {
    'anomaly.detect': planOf('anomaly.detect', [beat('detect')]),
    'diagnosis.analyze': planOf('diagnosis.analyze', [beat('diagnose')]),
  };
  const request = { projectId: 'p', lookbackMs: 5, plans, routing: { local: [], ship: [] }, policy: { maxAttempts: 1 } };

  it('starts a heal of each cause, however many there are', async () => {
    const result = await rig.engine.sweep(request);
    expect(result.incidents.filter(({ started }) => started)).toHaveLength(MANY);
    expect(result.findings).toHaveLength(MANY);
    for (const { workflowId } of result.incidents) expect(await rig.engine.healResult(workflowId)).toMatchObject({ status: 'abstained' });
  });

  it('judges sources whose clock is off in windows of their own, where it is asked to', async () => {
    const result = await rig.engine.sweep({ ...request, offClock: true });
    expect(inputs.slice(1)).toEqual([
      { projectId: 'p', lookbackMs: 5, now: expect.any(Number) },
      { projectId: 'p', lookbackMs: 5, now: expect.any(Number), from: 1, to: 6 },
    ]);
    expect(result).toMatchObject({ healthy: true, summary: 'window 2; window 3' });
  });
});
