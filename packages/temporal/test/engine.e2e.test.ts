import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_QUEUE, workflowBundle } from '../src/index.ts';
import { planOf, type Rig, startRig } from './rig.ts';

const routing = { local: ['shortOne'], ship: [] };
const big = Array.from({ length: 2_000 }, (_, index) => ({ index, text: `line ${index}` }));

describe('the engine', () => {
  let rig: Rig;
  let failures = 0;

  beforeAll(async () => {
    rig = await startRig({
      shortOne: (input) => ({ short: input }),
      makeBig: () => ({ list: big, count: big.length }),
      takeBig: (input) => ({ last: (input as { list: { index: number }[] }).list.at(-1)?.index }),
      failTwice: () => {
        failures++;
        if (failures < 3) throw new SelfhealError('STORE_LOCKED', 'busy');
        return { attempts: failures };
      },
      refuse: () => {
        throw new SelfhealError('PATCH_BARRED', 'never again', { where: { patch: 'p1' } });
      },
    });
  });
  afterAll(async () => rig[Symbol.asyncDispose]());

  const run = (id: string, plan: ReturnType<typeof planOf>, input: unknown = {}) =>
    rig.engine.runSequence({ projectId: 'p', plan, children: {}, input, routing, workflowId: id });

  it('runs a sequence as a workflow type of its own name', async () => {
    const result = await run('own-type', planOf('my.sequence', ['shortOne']), { a: 1 });
    expect(result).toMatchObject({ status: 'completed', output: { short: { a: 1 } } });
    const description = await inClient((client) => client.workflow.getHandle('own-type').describe());
    expect(description.type).toBe('my.sequence');
  });

  it('carries large values as references, and histories stay small', async () => {
    const plan = planOf('big.values', [
      'makeBig',
      { handler: 'takeBig', kind: 'stage-crew', timing: 'async', input: { list: '$.makeBig.list' } },
    ]);
    const result = await run('big', plan);
    expect(result.outputs.takeBig).toEqual({ last: big.length - 1 });
    expect(result.outputs.makeBig).toMatchObject({ count: big.length, list: { $ref: expect.stringMatching(/^sha256-/) } });
    const description = await inClient((client) => client.workflow.getHandle('big').describe());
    expect(description.raw.workflowExecutionInfo?.historySizeBytes?.toNumber()).toBeLessThan(32_000);
  });

  it('repeats what may pass and gives up at once on what cannot', async () => {
    const retry = { maximumAttempts: 5, initialInterval: '10ms', backoff: 1, maximumInterval: '10ms' };
    const passed = await run('retries', planOf('retries', [{ handler: 'failTwice', kind: 'stage-crew', timing: 'async', retry }]));
    expect(passed.output).toEqual({ attempts: 3 });
    await expect(run('refused', planOf('refused', [{ handler: 'refuse', kind: 'stage-crew', timing: 'async', retry }]))).rejects.toThrow(
      /never again/,
    );
    expect(rig.ran.filter((entry) => entry.startsWith('refuse#'))).toEqual(['refuse#1']);
  });

  it('keeps a waiting run over a restart of server and workers', async () => {
    const plan = planOf('waits', [{ id: 'gate', approval: { prompt: 'go on?' } }, 'shortOne']);
    await inClient((client) =>
      client.workflow.start('waits', {
        workflowId: 'waiting',
        taskQueue: TASK_QUEUE,
        args: [{ projectId: 'p', plan, children: {}, input: {}, routing }],
      }),
    );
    await expect.poll(() => decideBeat('waiting', 'elsewhere')).toMatch(/awaits no decision; approval beats: gate/);
    await rig.restart();
    expect(await decideBeat('waiting', 'gate')).toBe('accepted');
    expect(await inClient((client) => client.workflow.getHandle('waiting').result())).toMatchObject({
      status: 'completed',
      outputs: { gate: { approved: true } },
    });
  });

  it('moves a waiting run on to the workers of a new build', async () => {
    const plan = planOf('upgrades', [{ id: 'gate', approval: { prompt: 'go on?' } }, 'shortOne']);
    await inClient((client) =>
      client.workflow.start('upgrades', {
        workflowId: 'upgrading',
        taskQueue: TASK_QUEUE,
        args: [{ projectId: 'p', plan, children: {}, input: {}, routing }],
      }),
    );
    await expect.poll(() => decideBeat('upgrading', 'elsewhere')).toMatch(/awaits no decision/);
    const { codePath } = await workflowBundle(join(rig.dataDir, 'cache'));
    const next = join(rig.dataDir, 'next.js');
    // In front: the bundle ends with its source map, which is read to the end of the file.
    await writeFile(next, `// the next release\n${await readFile(codePath, 'utf8')}`);
    await rig.restart({ bundle: { codePath: next, buildId: 'next' } });
    expect(await decideBeat('upgrading', 'gate')).toBe('accepted');
    expect(await inClient((client) => client.workflow.getHandle('upgrading').result())).toMatchObject({ status: 'completed' });
    const history = await inClient((client) => client.workflow.getHandle('upgrading').fetchHistory());
    const builds = (history.events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []);
    expect(builds.at(-1)).toBe('next');
  });

  async function decideBeat(workflowId: string, beat: string): Promise<string> {
    try {
      await inClient((client) =>
        client.workflow.getHandle(workflowId).executeUpdate('decideBeat', { args: [beat, { approved: true, by: 'test' }] }),
      );
      return 'accepted';
    } catch (error) {
      return error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    }
  }

  async function inClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: rig.engine.address });
    try {
      return await work(new Client({ connection, namespace: rig.engine.namespace }));
    } finally {
      await connection.close();
    }
  }
});
