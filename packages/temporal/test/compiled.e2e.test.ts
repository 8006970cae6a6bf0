import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SelfhealError } from '@selfheal/contracts';
import {
  allBeats,
  compileSequence,
  linkPlans,
  readLibrary,
  readSequence,
  readSequenceFolder,
  type SequencePlan,
} from '@selfheal/sequences';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RemediationHost, readWorkflowSources, TASK_QUEUE } from '../src/index.ts';
import { type Rig, startRig } from './rig.ts';
import { answersOf, type Scenario } from './scripted-answers.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMPILED_QUEUE = 'compiled';

/** Each document with handlers that answer, and with some that fail. */
const SCENARIOS: readonly Scenario[] = ['answering', 'failing'];

describe('compiled sequences', () => {
  let plans: SequencePlan[];
  let rig: Rig;
  let folder: string;
  let worker: { running: Promise<void>; worker: Worker; native: NativeConnection };
  let connection: Connection;
  let client: Client;
  let scenario: Scenario = 'answering';
  const workflows = new Map<string, string>();

  beforeAll(async () => {
    const read = await Promise.all(['json-sequences/', 'json-sequences/examples/'].map((name) => readSequenceFolder(join(ROOT, name))));
    plans = [...read.flatMap((result) => result.plans), awkward(), remediated()];
    folder = await compileAll(plans, workflows);
    const handlers = [
      ...new Set(plans.flatMap((plan) => allBeats(plan).flatMap((beat) => (beat.form === 'handler' ? [beat.handler] : [])))),
    ];
    const answer = (handler: string, input: unknown) => answersOf(plans, handler, scenario, input);
    rig = await startRig(
      Object.fromEntries(
        handlers.map((handler) => [
          handler,
          (input: unknown) => {
            const { output, error } = answer(handler, input);
            if (error !== undefined) throw new SelfhealError('INPUT_INVALID', error);
            return output;
          },
        ]),
      ),
      { remediation: scriptedRemediation() },
    );
    const activities = Object.fromEntries(
      handlers.map((handler) => [
        handler,
        async (input: unknown) => {
          const { output, error } = answer(handler, input);
          if (error !== undefined) {
            const { message } = new SelfhealError('INPUT_INVALID', error);
            throw ApplicationFailure.nonRetryable(message, 'INPUT_INVALID', { detail: error });
          }
          return output;
        },
      ]),
    );
    const native = await NativeConnection.connect({ address: rig.engine.address });
    const created = await Worker.create({
      connection: native,
      namespace: rig.engine.namespace,
      taskQueue: COMPILED_QUEUE,
      workflowsPath: join(folder, 'src/workflows/index.ts'),
      activities,
    });
    worker = { native, worker: created, running: created.run() };
    connection = await Connection.connect({ address: rig.engine.address });
    client = new Client({ connection, namespace: rig.engine.namespace });
  });

  afterAll(async () => {
    await connection.close();
    worker.worker.shutdown();
    await worker.running;
    await worker.native.close();
    await rig[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('pass the strict compiler', async () => {
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    const { stdout, exitCode } = await execa(process.execPath, [compiler, '-p', folder], { reject: false });
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  it.each(SCENARIOS)('end as the interpreter ends them, by the same commands (%s handlers)', async (which) => {
    scenario = which;
    const outcomes = await Promise.all(plans.map((plan) => runBoth(plan)));
    for (const { interpreted, compiled } of outcomes) expect(compiled).toEqual(interpreted);
    const ends = new Set(outcomes.map(({ interpreted }) => interpreted.end.status));
    expect(ends).toContain(which === 'failing' ? 'failed' : 'completed');
    const { compiled } = outcomes.find(({ compiled: { plan } }) => plan === 'remediated.all') ?? {};
    const children = compiled?.commands.filter((command) => command.startsWith('child ')) ?? [];
    // All nine calls fail: one is decided on twice, one with a changed input three times.
    expect(children).toHaveLength(which === 'failing' ? 12 : 0);
  });

  async function runBoth(plan: SequencePlan) {
    const argument = {
      projectId: 'p',
      plan: linkPlans(plan, plans),
      children: {},
      input: INPUT,
      routing: { local: [], ship: [], remediation: REMEDIATION },
    };
    const [interpreted, compiled] = await Promise.all([
      runOne(plan, plan.id, TASK_QUEUE, argument),
      runOne(plan, workflows.get(plan.id) ?? '', COMPILED_QUEUE, INPUT),
    ]);
    return { interpreted, compiled };
  }

  async function runOne(plan: SequencePlan, type: string, taskQueue: string, argument: unknown) {
    const workflowId = `${taskQueue}/${scenario}/${plan.id}`;
    const handle = await client.workflow.start(type, { workflowId, taskQueue, args: [argument] });
    const beats = [plan, ...Object.values(linkPlans(plan, plans).children ?? {})].flatMap((each) => allBeats(each));
    for (const beat of beats) {
      if (beat.form === 'wait' && beat.awaitedEvent !== undefined) {
        await handle.signal('event', beat.awaitedEvent, { review: { verdict: scenario === 'answering' ? 'granted' : 'refused' } });
      }
      if (beat.form === 'approval') {
        await handle.executeUpdate('decideBeat', { args: [beat.id, { approved: scenario === 'answering', by: 'test' }] });
      }
    }
    const end = await handle.result().then(withoutTime, failureOf);
    return { plan: plan.id, end, commands: await commandsOf(await handle.fetchHistory()) };
  }

  function commandsOf(history: Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>): string[] {
    return (history.events ?? []).flatMap((event) => {
      const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
      const child = event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId?.split('/').at(-1);
      const timer = event.timerStartedEventAttributes?.startToFireTimeout?.seconds?.toString();
      return [activity && `activity ${activity}`, child && `child ${child}`, timer && `timer ${timer} s`].flatMap((each) => each || []);
    });
  }
});

const INPUT = {
  month: '2026-10',
  limit: 100,
  seats: 250,
  company: 'Acme',
  email: 'ops@acme.example',
  code: '4711',
  refund: { id: 'r1', amount: 500, account: 'DE1' },
  customer: { blocked: false },
  shelf: {
    id: 's',
    tags: ['closed'],
    products: [
      { sku: 'a', left: 1, minimum: 5 },
      { sku: 'b', left: 9, minimum: 5 },
    ],
  },
};

/** A document whose names and texts are awkward in code, with the policies that the others lack. */
function awkward(): SequencePlan {
  const text = `*/ ' \` \${x} // \\ "`;
  const branches = { if: { field: '$.input.limit', operator: 'gt', value: 5 } };
  const then = [{ id: 'done', stop: { status: 'completed', reason: text } }];
  const document = {
    id: 'awkward.names',
    name: text,
    description: text,
    input: { [text]: text, class: 'a word of the language' },
    movements: [
      {
        id: 'await',
        name: text,
        beats: [
          {
            id: 'new',
            title: text,
            handler: 'countItems',
            kind: 'pure',
            input: { [text]: { value: text }, __proto__x: 1, class: '$.input.month' },
          },
          {
            id: 'two',
            forEach: [1, 2],
            as: 'each',
            retry: { maximumAttempts: 2, initialInterval: '1ms' },
            beats: [{ id: 'in', handler: 'countItems', kind: 'pure' }],
          },
          {
            id: 'gone',
            handler: 'neverThere',
            kind: 'pure',
            input: { x: { path: '$.input.nothing', required: true } },
            errorHandling: 'continue',
          },
          Object.fromEntries([...Object.entries({ ...branches, id: 'last', timeout: '1m' }), ['then', then]]),
          { id: 'too-late', handler: 'countItems', kind: 'pure' },
        ],
      },
    ],
  };
  const { plan, diagnostics } = readSequence(JSON.stringify(document), { file: text });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

const REMEDIATION = { proposers: ['scripted'], coordinatorTimeoutMs: 60_000, awaitPersonMs: 0 };

/** One beat for each way in which a failed beat may go on. */
function remediated(): SequencePlan {
  const beat = (id: string, aiRemediation: object = {}) => ({
    id,
    handler: 'mendMe',
    kind: 'stage-crew',
    event: `${id}.tried`,
    input: { of: { value: id }, month: '$.input.month' },
    retry: { maximumAttempts: 1 },
    errorHandling: 'continue',
    aiRemediation: { enabled: true, ...aiRemediation },
  });
  const within = { id: 'inner', handler: 'mendMe', kind: 'stage-crew', errorHandling: 'continue' };
  const beats = [
    beat('retried', { maxAiRetries: 2 }),
    beat('patched'),
    beat('handled', { decisionHandlers: { RETRY: 'give' } }),
    beat('changed', { decisionHandlers: { RETRY: 'change' } }),
    beat('failed'),
    beat('asked'),
    beat('stopped', { stopAfter: 'decide' }),
    { id: 'around', forEach: [1, 2], as: 'n', aiRemediation: { enabled: true, maxAiRetries: 1 }, beats: [within] },
  ];
  const document = { id: 'remediated.all', name: 'Remediated', movements: [{ id: 'all', name: 'All', beats }] };
  const { plan, diagnostics } = readSequence(JSON.stringify(document), { file: 'remediated.json' });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

/** Decides by the name of the beat; all other documents' beats are retried. */
function scriptedRemediation(): RemediationHost {
  const decisions = new Map<string, 'FAIL' | 'ESCALATE'>([
    ['failed', 'FAIL'],
    ['asked', 'ESCALATE'],
  ]);
  return {
    gatherContext: async ({ failure }) => ({
      context: { $ref: `sha256-${'0'.repeat(64)}`, bytes: 2 },
      fingerprint: failure.error.message,
      summary: failure.beat,
      durationMs: 1,
    }),
    askProposer: async ({ failure, proposer }) => ({
      proposer,
      decision: { decision: decisions.get(failure.beat) ?? 'RETRY', reasoning: `of ${failure.beat}`, confidence: 0.9, proposer },
      ...(failure.beat === 'patched' && { patchHash: 'h' }),
    }),
    recordAttempt: async () => undefined,
    retryWithPatch: async () => ({ kind: 'healed', output: { mended: 'by a patch' }, proof: '3 tests pass' }),
    keepPatch: async () => ({ where: 'merged', merged: true }),
    escalate: async () => 'one was told',
    handleDecision: async ({ handler, failure }) =>
      handler === 'give' ? { kind: 'output', output: { given: failure.input } } : { kind: 'retry', input: { changed: true } },
    endAttempt: async () => undefined,
  };
}

/** Times of a run differ, and so do the names of the two runs: neither is part of the comparison. */
function withoutNames(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>').replaceAll(/(?:selfheal|compiled)\/(?:answering|failing)\//g, '');
}

function withoutTime(result: unknown): { status: string; result: unknown } {
  const text = withoutNames(JSON.stringify(result));
  const parsed = JSON.parse(text);
  return { status: parsed.status, result: parsed };
}

function failureOf(error: unknown): { status: string; result: unknown } {
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
  return { status: 'failed', result: { code: error.cause.type, message: withoutNames(error.cause.message) } };
}

/** All documents as one project, as if one of them called all others: one check and one bundle. */
async function compileAll(plans: readonly SequencePlan[], workflows: Map<string, string>): Promise<string> {
  const [first, ...others] = plans;
  if (first === undefined) throw new Error('no documents');
  const all = { ...first, children: Object.fromEntries(others.map((plan) => [plan.id, plan])) };
  const library = await readLibrary(await readWorkflowSources());
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-compiled-'));
  const files = compileSequence(all, { library, remediation: REMEDIATION });
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    const [, workflow] = /export function (\w+)\(/.exec(text) ?? [];
    const [, id] = /Compiled from .*, sequence "(.*)"\./.exec(text) ?? [];
    if (workflow !== undefined && id !== undefined) workflows.set(id, workflow);
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
