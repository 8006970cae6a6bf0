import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { own, planOf, recorded } from '../testing/sequence-rig.ts';
import { interpret } from './interpret.ts';
import { runPool } from './pool.ts';

/** Answers in an order of its own choosing, and counts how many wait. */
function shuffled(scheduler: fc.Scheduler, act: (input: unknown) => unknown = (input) => input) {
  const counts = { now: 0, most: 0 };
  const handler = async (input: unknown) => {
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    await scheduler.schedule(Promise.resolve(), 'beat');
    counts.now -= 1;
    return act(input);
  };
  return { counts, handler };
}

describe('concurrency', () => {
  test('a pool never exceeds its limit, starts in order and answers in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, items, limit) => {
          const { counts, handler } = shuffled(scheduler);
          const started: number[] = [];
          const done = runPool(items, limit, async (item, index) => {
            started.push(index);
            return [index, await handler(item)];
          });
          await scheduler.waitFor(done);
          expect(await done).toEqual(items.map((item, index) => [index, item]));
          expect(started).toEqual([...items.keys()]);
          expect(counts.most).toBe(Math.min(limit, items.length));
        },
      ),
    );
  });

  test('forEach: results in the order of the items and never more at once than it may, whatever ends first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (scheduler, list, concurrency) => {
          const { counts, handler } = shuffled(scheduler);
          const beats = [
            { handler: 'work', input: { n: '$.item' } },
            { id: 'again', handler: 'work', input: { n: '$.work.n', at: '$.itemIndex' } },
          ];
          const plan = planOf(own([{ id: 'loop', forEach: '$.input.list', concurrency, beats }]));
          const run = interpret(plan, { list }, recorded({ handlers: { work: handler } }).runtime);
          await scheduler.waitFor(run);
          expect((await run).outputs.loop).toEqual({ results: list.map((n, at) => ({ n, at })) });
          expect(counts.most).toBeLessThanOrEqual(concurrency);
        },
      ),
    );
  });

  test('parallel: outputs, baton and result are the same whichever branch ends first', async () => {
    const branch = (name: string) => [
      { id: `${name}1`, handler: 'work' },
      { id: `${name}2`, handler: 'work', input: { by: { value: name }, saw: { path: `$.${name}1.saw` } } },
    ];
    const plan = planOf(own([{ id: 'p', parallel: [branch('x'), branch('y'), branch('z')] }, { handler: 'last' }]));
    const results = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { handler } = shuffled(scheduler, (input) => ({
          saw: Object.keys(input ?? {}),
          ...(typeof input === 'object' ? input : {}),
        }));
        const run = interpret(plan, { start: 1 }, recorded({ handlers: { work: handler, last: (input) => input } }).runtime);
        await scheduler.waitFor(run);
        results.add(JSON.stringify(await run));
      }),
    );
    expect(results.size).toBe(1);
    expect([...results][0]).toContain('"last":{"start":1,"saw":["start"],"by":"z"}');
  });

  test('the same answers give the same calls: a run is a function of plan, input and answers', async () => {
    const plan = planOf(
      own([
        { forEach: '$.input.list', concurrency: 3, beats: [{ handler: 'a' }, { handler: 'b' }] },
        { parallel: [{ handler: 'a' }, { handler: 'b' }] },
      ]),
    );
    const trace = async () => {
      const calls: unknown[] = [];
      const { runtime } = recorded();
      const seen = { ...runtime, runBeat: async (call: unknown) => calls.push(structuredClone(call)) };
      return [await interpret(plan, { list: [1, 2, 3, 4] }, seen), calls];
    };
    expect(await trace()).toEqual(await trace());
  });
});

describe('parallel strategies', () => {
  const handlers = {
    good: () => ({ good: true }),
    bad: () => {
      throw new Error('bad branch');
    },
    later: () => ({ later: true }),
  };
  const run = (strategy: string, parallel: unknown[], options = {}) =>
    interpret(planOf(own([{ id: 'p', parallel, strategy, ...options }])), {}, recorded({ handlers }).runtime);

  test('all: the first failure ends the others before their next beat', async () => {
    const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
    const rig = recorded({ handlers: { ...handlers, good: nextTurn } });
    const plan = planOf(own([{ id: 'p', parallel: [{ handler: 'bad' }, [{ handler: 'good' }, { handler: 'later' }]] }]));
    await expect(interpret(plan, {}, rig.runtime)).rejects.toMatchObject({ code: 'BEAT_FAILED', where: { beat: 'bad' } });
    expect(rig.calls).toEqual(['bad', 'good']);
  });

  test('any: one success is enough, and failures are recorded', async () => {
    const result = await run('any', [{ handler: 'bad' }, [{ handler: 'good' }, { handler: 'later' }]]);
    expect(result.outputs).toEqual({ good: { good: true }, later: { later: true }, p: { branches: ['failed', 'completed'] } });
    expect(result.failures).toMatchObject([{ beat: 'bad', code: 'BEAT_FAILED' }]);
    await expect(run('any', [{ handler: 'bad' }, { id: 'bad2', handler: 'bad' }])).rejects.toMatchObject({ where: { beat: 'bad' } });
  });

  test('settle: failures are recorded, none stops', async () => {
    const result = await run('settle', [{ handler: 'bad' }, { id: 'bad2', handler: 'bad' }]);
    expect(result.status).toBe('completed');
    expect(result.failures.map(({ beat }) => beat)).toEqual(['bad', 'bad2']);
  });

  test('a branch that stops the sequence decides over one that fails', async () => {
    const result = await run('settle', [[{ stop: { status: 'stopped' } }], { handler: 'good' }]);
    expect(result.status).toBe('stopped');
  });

  test('concurrency 1 runs branches one after another', async () => {
    const rig = recorded({ handlers });
    await interpret(
      planOf(own([{ parallel: [[{ handler: 'good' }, { handler: 'later' }], { id: 'g2', handler: 'good' }], concurrency: 1 }])),
      {},
      rig.runtime,
    );
    expect(rig.calls).toEqual(['good', 'later', 'good']);
  });
});
