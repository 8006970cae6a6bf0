import { SelfhealError } from '@selfheal/contracts';
import type { SequenceResult } from '@selfheal/sequences';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asked, AskProposer, CoordinatorInput, DecisionSummary, EndAttempt, RemediationHost, RetryOutcome } from '../src/index.ts';
import { TASK_QUEUE } from '../src/index.ts';
import { planOf, type Rig, startRig } from './rig.ts';

const NO_REF = { $ref: `sha256-${'0'.repeat(64)}`, bytes: 2 };
const ROUTING = {
  local: [],
  ship: [],
  remediation: { proposers: ['quiet', 'scripted'], coordinatorTimeoutMs: 60_000, awaitPersonMs: 0 },
};

/** What the scripted side of a beat does; each test sets what it needs. */
interface Script {
  decide(request: AskProposer, signal: AbortSignal): Partial<Asked> | Promise<Partial<Asked>>;
  retry(): RetryOutcome;
  handle: RemediationHost['handleDecision'];
  gather(input: CoordinatorInput): void;
}

const by = (decision: DecisionSummary['decision'], reasoning = 'because'): Partial<Asked> => ({
  decision: { decision, reasoning, confidence: 0.9, proposer: 'scripted' },
});

describe('beats with aiRemediation', () => {
  let rig: Rig;
  let script: Partial<Script> = {};
  let failuresLeft = 0;
  const kept: string[] = [];
  const told: string[] = [];
  const recorded: string[] = [];
  const ended: EndAttempt[] = [];

  beforeAll(async () => {
    const remediation: RemediationHost = {
      async gatherContext(input) {
        script.gather?.(input);
        return { context: NO_REF, fingerprint: input.failure.error.message, summary: `${input.failure.beat} failed`, durationMs: 1 };
      },
      async askProposer(request, { signal }) {
        if (request.proposer === 'quiet') return { proposer: 'quiet', abstained: 'never has an idea' };
        return { proposer: request.proposer, ...(await (script.decide?.(request, signal) ?? by('FAIL'))) };
      },
      recordAttempt: async ({ attemptId }) => void recorded.push(attemptId),
      retryWithPatch: async () => script.retry?.() ?? { kind: 'refused', why: 'no script' },
      keepPatch: async ({ attemptId }) => {
        kept.push(attemptId);
        return { where: 'merged', merged: true };
      },
      escalate: async ({ why }) => {
        told.push(why);
        return 'one was told';
      },
      handleDecision: async (request, call) => {
        if (script.handle === undefined) throw new SelfhealError('HANDLER_UNKNOWN', `the decision handler "${request.handler}"`);
        return script.handle(request, call);
      },
      endAttempt: async (end) => void ended.push(end),
    };
    rig = await startRig(
      {
        fragile: (input) => {
          if (failuresLeft-- > 0) throw new SelfhealError('INPUT_INVALID', 'it broke');
          return { done: input };
        },
        after: () => ({ after: true }),
      },
      { remediation },
    );
  });
  afterAll(async () => rig[Symbol.asyncDispose]());

  const beat = (aiRemediation: object = {}, more: object = {}) => ({
    handler: 'fragile',
    kind: 'stage-crew',
    timing: 'async',
    input: { n: 1 },
    aiRemediation: { enabled: true, ...aiRemediation },
    ...more,
  });

  async function run(
    id: string,
    beats: readonly (string | Record<string, unknown>)[],
    given: Partial<Script>,
    failures = 1,
    routing = ROUTING,
  ): Promise<SequenceResult> {
    script = given;
    failuresLeft = failures;
    for (const list of [kept, told, recorded, ended]) list.length = 0;
    return rig.engine.runSequence({ projectId: 'p', plan: planOf(id, beats), children: {}, input: {}, routing, workflowId: id });
  }

  it('are left alone where their activity ends well', async () => {
    expect((await run('well', [beat()], {}, 0)).output).toEqual({ done: { n: 1 } });
    expect(recorded).toEqual([]);
  });

  it('run again on RETRY; the one who decides is asked after those who have no idea', async () => {
    const result = await run('retry', [beat(), 'after'], { decide: () => by('RETRY') });
    expect(result.output).toEqual({ done: { n: 1 }, after: true });
    expect(recorded).toEqual(['retry/fragile/1/remediate/1']);
    expect(ended).toMatchObject([{ result: 'healed', attemptId: 'retry/fragile/1/remediate/1' }]);
    expect(ended[0]?.timings.route).toBeLessThan(1_000);
  });

  it('run against the patch of RETRY, which is kept once it healed', async () => {
    const decide = () => ({ ...by('RETRY'), patchHash: 'h1' });
    const result = await run('patched', [beat()], {
      decide,
      retry: () => ({ kind: 'healed', output: { patched: true }, proof: '3 tests pass' }),
    });
    expect(result.output).toEqual({ patched: true });
    expect(kept).toEqual(['patched/fragile/1/remediate/1']);
    expect(ended).toMatchObject([{ result: 'healed', detail: '3 tests pass; merged' }]);
  });

  it('stop where the document says: after the decision, the proof, or the retry', async () => {
    const decide = () => ({ ...by('RETRY'), patchHash: 'h1' });
    const stopped = (stopAfter: string, retry: RetryOutcome) =>
      run(`stop-${stopAfter}`, [beat({ stopAfter })], { decide, retry: () => retry });
    await expect(stopped('decide', { kind: 'proved', proof: 'p' })).rejects.toThrow(
      /it broke \[RETRY by scripted, confidence 0.9: stopped after the decision/,
    );
    await expect(stopped('validate', { kind: 'proved', proof: 'tests pass' })).rejects.toThrow(/tests pass; stopped before the retry/);
    expect((await stopped('retry', { kind: 'healed', output: { ok: 1 }, proof: 'p' })).output).toEqual({ ok: 1 });
    expect(kept).toEqual([]);
  });

  it('fail on FAIL with the analysis; a sequence that goes on keeps it among its failures', async () => {
    await expect(run('fail', [beat()], { decide: () => by('FAIL', 'the table is gone') })).rejects.toMatchObject({
      code: 'REMEDIATION_FAILED',
      message: expect.stringMatching(
        /it broke.*FAIL by scripted, confidence 0.9: the table is gone \(attempt fail\/fragile\/1\/remediate\/1\)/,
      ),
    });
    const result = await run('fail-on', [beat({}, { errorHandling: 'continue' }), 'after'], { decide: () => by('FAIL') });
    expect(result).toMatchObject({ output: { after: true }, failures: [{ beat: 'fragile', code: 'REMEDIATION_FAILED' }] });
  });

  it('tell people on ESCALATE, then fail', async () => {
    await expect(run('escalate', [beat()], { decide: () => by('ESCALATE', 'whose money is it?') })).rejects.toMatchObject({
      code: 'REMEDIATION_ESCALATED',
    });
    expect(told).toEqual(['whose money is it?']);
    expect(ended).toMatchObject([{ result: 'escalated' }]);
  });

  it('wait for a person where that is configured, and do what the person decides', async () => {
    const routing = { ...ROUTING, remediation: { ...ROUTING.remediation, awaitPersonMs: 60_000 } };
    const waiting = run('person', [beat()], { decide: () => by('ESCALATE', 'ask') }, 1, routing);
    const decide = () =>
      rig.engine.decideRemediation('person/fragile/1/remediate/1', { decision: 'RETRY', by: 'ada', why: 'it is repaired' }).then(
        () => 'taken',
        () => 'not yet',
      );
    await expect.poll(decide, { timeout: 30_000 }).toBe('taken');
    expect((await waiting).output).toEqual({ done: { n: 1 } });
  });

  it('take what cannot be acted on as FAIL: no decision, a handler nobody knows, the same patch twice', async () => {
    await expect(run('nobody', [beat()], { decide: () => ({ abstained: 'no model' }) })).rejects.toThrow(
      /nobody could decide \(quiet: never has an idea; scripted: no model\)/,
    );
    await expect(run('unknown', [beat({ decisionHandlers: { RETRY: 'nowhere' } })], { decide: () => by('RETRY') })).rejects.toThrow(
      /decision handler nowhere failed/,
    );
    const error = { type: 'Error', message: 'it broke still', causes: [] };
    const again = {
      decide: () => ({ ...by('RETRY'), patchHash: 'same' }),
      retry: (): RetryOutcome => ({ kind: 'failed', error, proof: 'p' }),
    };
    await expect(run('twice', [beat()], again)).rejects.toThrow(/FAIL by coordinator.*the same patch was tried on this error already/);
    expect(recorded).toHaveLength(2);
  });

  it('try at most maxAiRetries times', async () => {
    await expect(run('bounded', [beat({ maxAiRetries: 2 })], { decide: () => by('RETRY') }, 99)).rejects.toThrow(
      /the beat failed again: .*it broke/,
    );
    expect(ended.map(({ result }) => result)).toEqual(['retry-failed', 'retry-failed']);
  });

  it('hand a decision to the handler that the document names, which may change the input', async () => {
    const handle: Script['handle'] = async ({ failure }) => ({ kind: 'retry', input: { was: failure.input, clean: true } });
    const result = await run('handled', [beat({ decisionHandlers: { RETRY: 'clean' } })], { decide: () => by('RETRY'), handle });
    expect(result.output).toEqual({ done: { was: { n: 1 }, clean: true } });
  });

  it('fall back to the ordinary retry where the coordinator breaks', async () => {
    const gather = (): void => {
      throw new SelfhealError('INPUT_INVALID', 'no context');
    };
    expect((await run('broken', [beat()], { gather })).output).toEqual({ done: { n: 1 } });
    await expect(run('broken-for-good', [beat()], { gather }, 9)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are twenty at once, each decided on its own, and inherit what the beat around them says', async () => {
    const each = { handler: 'fragile', kind: 'stage-crew', timing: 'async', input: { item: '$.item' } };
    const all = {
      id: 'all',
      forEach: Array.from({ length: 20 }, (_, index) => index),
      as: 'item',
      concurrency: 20,
      beats: [each],
      aiRemediation: { enabled: true },
    };
    const result = await run('many', [all], { decide: () => by('RETRY') }, 20);
    expect(result.failures).toEqual([]);
    expect(new Set(recorded).size).toBe(20);
  });

  it('go on where a worker left them, and are seen by their memo and attributes', async () => {
    let asked = 0;
    const decide: Script['decide'] = async (_request, signal) => {
      asked++;
      if (asked > 1) return by('RETRY');
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    };
    script = { decide };
    failuresLeft = 1;
    recorded.length = 0;
    const argument = { projectId: 'p', plan: planOf('killed', [beat()]), children: {}, input: {}, routing: ROUTING };
    await inClient((client) => client.workflow.start('killed', { workflowId: 'killed', taskQueue: TASK_QUEUE, args: [argument] }));
    await expect.poll(() => asked, { timeout: 60_000 }).toBe(1);
    await rig.restart();
    await expect.poll(() => recorded.length, { timeout: 60_000 }).toBe(1);
    expect(asked).toBe(2);
    await inClient(async (client) => {
      expect(await client.workflow.getHandle('killed').result()).toMatchObject({ output: { done: { n: 1 } } });
      const about = await client.workflow.getHandle('killed/fragile/1/remediate/1').describe();
      expect(about.memo).toMatchObject({ beat: 'fragile', attempt: 1 });
      expect(about.searchAttributes).toMatchObject({ SelfhealProject: ['p'], SelfhealIncident: ['killed'], SelfhealVerdict: ['RETRY'] });
    });
  });

  async function inClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: rig.engine.address });
    try {
      return await work(new Client({ connection, namespace: rig.engine.namespace }));
    } finally {
      await connection.close();
    }
  }
});
