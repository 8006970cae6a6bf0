import { SelfhealError } from '@selfheal/contracts';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChoreContext, housekeepingWorkflowId, TASK_QUEUE } from '../src/index.ts';
import { planOf, type Rig, startRig } from './rig.ts';

const routing = { local: [], ship: [] };
const big = Array.from({ length: 2_000 }, (_, index) => ({ index, text: `line ${index}` }));
const INGEST = { projectId: 'p', paths: [], plan: planOf('telemetry.parse', ['nothing']), routing };

describe('housekeeping', () => {
  let rig: Rig;
  let did: string[] = [];
  let chore: (name: string, context: ChoreContext) => Promise<string> = async () => '';
  const notices: string[] = [];

  beforeAll(async () => {
    rig = await startRig(
      { makeBig: () => ({ list: big }), nothing: () => ({}) },
      {
        onNotice: (line) => void notices.push(line),
        doChore: (name, _project, context) => {
          did.push(name);
          return chore(name, context);
        },
      },
    );
  });
  afterAll(async () => rig[Symbol.asyncDispose]());
  beforeEach(() => {
    did = [];
    notices.length = 0;
  });

  it('does each chore in turn and tells on one line what was removed', async () => {
    chore = async (name) => (name === 'b' ? '' : `${name} removed 1 file`);
    expect(await rig.engine.keepHouse({ projectId: 'p', chores: ['a', 'b', 'c'] })).toEqual({
      line: 'housekeeping: a removed 1 file; c removed 1 file',
      done: [
        { chore: 'a', summary: 'a removed 1 file' },
        { chore: 'c', summary: 'c removed 1 file' },
      ],
      failed: [],
    });
    expect(did).toEqual(['a', 'b', 'c']);
    await expect.poll(() => notices).toEqual(['housekeeping: a removed 1 file; c removed 1 file']);
    expect(await rig.engine.keepHouse({ projectId: 'p', chores: [] })).toMatchObject({ line: 'housekeeping: nothing to remove' });
    expect(notices).toHaveLength(1);
  });

  it('does the other chores where one fails, and says so', async () => {
    chore = async (name) => {
      if (name === 'bad') throw new SelfhealError('LAKE_MISSING', 'no lake');
      return '';
    };
    const result = await rig.engine.keepHouse({ projectId: 'p', chores: ['bad', 'good'] });
    expect(result).toMatchObject({ done: [], failed: [{ chore: 'bad', reason: expect.stringContaining('no lake') }] });
    expect(result.line).toMatch(/^housekeeping: bad failed: .*no lake/);
    expect(did.at(-1)).toBe('good');
  });

  it('is told which values open runs refer to, and not those of runs that ended', async () => {
    const refs: string[][] = [];
    chore = async (_name, { openReferences }) => {
      refs.push([...(await openReferences())]);
      return '';
    };
    const plan = planOf('holds', ['makeBig', { id: 'gate', approval: { prompt: 'go on?' } }, 'nothing']);
    await inClient(async (client) => {
      const args = [{ projectId: 'p', plan, children: {}, input: {}, routing }];
      const handle = await client.workflow.start('holds', { workflowId: 'holding', taskQueue: TASK_QUEUE, args });
      await expect.poll(() => rig.ran).toContain('makeBig#1');
      await expect
        .poll(async () => {
          await rig.engine.keepHouse({ projectId: 'p', chores: ['look'] });
          return refs.at(-1);
        })
        .toEqual([expect.stringMatching(/^sha256-[0-9a-f]{64}$/)]);
      await handle.executeUpdate('decideBeat', { args: ['gate', { approved: true, by: 'test' }] });
      expect(await handle.result()).toMatchObject({ outputs: { makeBig: { list: { $ref: refs.at(-1)?.[0] } } } });
    });
    await rig.engine.keepHouse({ projectId: 'p', chores: ['look'] });
    expect(refs.at(-1)).toEqual([]);
  });

  it('is a schedule that runs at once and skips while a round is under way', async () => {
    chore = async () => '';
    const watched = { projectId: 'p', parseMs: 3_600_000, ingest: INGEST };
    const housekeeping = { everyMs: 3_600_000, input: { projectId: 'p', chores: ['scheduled'] } };
    await rig.engine.watch({ ...watched, housekeeping });
    await expect.poll(() => did, { timeout: 20_000 }).toEqual(['scheduled']);
    await inClient(async (client) => {
      const description = await client.schedule.getHandle(housekeepingWorkflowId('p')).describe();
      expect(description.policies.overlap).toBe('SKIP');
      expect(description.spec.intervals).toMatchObject([{ every: 3_600_000 }]);
      await rig.engine.unwatch('p');
      await expect(client.schedule.getHandle(housekeepingWorkflowId('p')).describe()).rejects.toThrow(/not found/i);
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
