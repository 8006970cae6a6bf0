import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BuildGraph, reachable } from './graph.ts';
import { acyclicGraphs, graphOf } from './random-graphs-for-tests.ts';
import { type FailurePolicy, Schedule } from './schedule.ts';

const settings = (graph: BuildGraph, concurrency = 2, onFailure: FailurePolicy = 'continue') => ({
  graph,
  concurrency,
  onFailure,
  durations: new Map<string, number>(),
});

const GRAPH = graphOf({ app: ['lib', 'ui'], lib: ['base'], ui: ['base'], base: [], docs: [] });

test('a slot is free while what a node made is looked at, unless something more urgent comes of it', () => {
  const graph = graphOf({ first: [], long: ['first'], short: [], other: [] });
  const durations = new Map([
    ['first', 10],
    ['long', 100],
    ['short', 20],
    ['other', 10],
  ]);
  const schedule = new Schedule({ ...settings(graph, 1), durations });
  expect(schedule.take()).toEqual(['first']);
  expect([schedule.freeSlot('first'), schedule.take()]).toEqual([false, []]);
  schedule.finish('first', 'done');
  expect(schedule.take()).toEqual(['long']);
  expect([schedule.freeSlot('long'), schedule.take()]).toEqual([true, ['short']]);
  expect([schedule.state('long'), schedule.counts.running, schedule.isOver]).toEqual(['running', 2, false]);
  schedule.finish('short', 'done');
  expect(schedule.take()).toEqual(['other']);
  schedule.finish('other', 'done');
  expect([schedule.isOver, schedule.freeSlot('long')]).toEqual([false, false]);
  schedule.finish('long', 'done');
  expect([schedule.isOver, schedule.counts.done]).toEqual([true, 4]);
});

describe('a schedule', () => {
  test('starts the longest chain first and refills a slot at once', () => {
    const schedule = new Schedule(settings(GRAPH, 1));
    expect(schedule.take()).toEqual(['base']);
    expect(schedule.take()).toEqual([]);
    schedule.finish('base', 'done');
    expect(schedule.take()).toEqual(['lib']);
  });

  test('takes recorded durations before the number of nodes', () => {
    const durations = new Map([
      ['docs', 100],
      ['base', 1],
      ['lib', 1],
      ['ui', 1],
      ['app', 1],
    ]);
    expect(new Schedule({ ...settings(GRAPH, 1), durations }).take()).toEqual(['docs']);
  });

  test('blocks what needs a failed node and goes on with the rest', () => {
    const schedule = new Schedule(settings(GRAPH, 2));
    schedule.take();
    expect(schedule.finish('base', 'failed')).toEqual({ blocked: ['ui', 'app', 'lib'].toSorted(byGraph), toStop: [] });
    expect(schedule.isOver).toBe(false);
    schedule.finish('docs', 'done');
    expect(schedule.isOver).toBe(true);
  });

  test('stops what runs, or lets it finish, by policy', () => {
    const stop = new Schedule(settings(GRAPH, 2, 'stop'));
    stop.take();
    expect(stop.finish('docs', 'failed').toStop).toEqual(['base']);
    stop.finish('base', 'cancelled');
    expect([stop.isOver, stop.take(), stop.leftOver]).toEqual([true, [], ['app', 'lib', 'ui']]);

    const finish = new Schedule(settings(GRAPH, 2, 'finish-running'));
    finish.take();
    expect(finish.finish('docs', 'failed').toStop).toEqual([]);
    expect([finish.isOver, finish.take()]).toEqual([false, []]);
    finish.finish('base', 'done');
    expect([finish.isOver, finish.take()]).toEqual([true, []]);
  });

  test('tries again what failed, without what was done', () => {
    const schedule = new Schedule(settings(GRAPH, 4));
    schedule.take();
    schedule.finish('docs', 'done');
    schedule.finish('base', 'failed');
    expect(schedule.retryFailed()).toEqual(['base']);
    expect(schedule.take()).toEqual(['base']);
    schedule.finish('base', 'done');
    expect(schedule.take()).toEqual(['lib', 'ui']);
  });

  test('pauses, resumes, and takes another concurrency while it runs', () => {
    const schedule = new Schedule(settings(GRAPH, 2));
    schedule.pause();
    expect(schedule.take()).toEqual([]);
    schedule.resume();
    expect(schedule.take()).toHaveLength(2);
    schedule.setConcurrency(1);
    schedule.finish('base', 'done');
    expect(schedule.take()).toEqual([]);
    schedule.setConcurrency(3);
    expect(schedule.take()).toHaveLength(2);
  });

  test('hears an end once', () => {
    const schedule = new Schedule(settings(GRAPH, 2));
    schedule.take();
    schedule.finish('base', 'done');
    schedule.finish('base', 'failed');
    expect(schedule.state('base')).toBe('done');
  });
});

function byGraph(a: string, b: string): number {
  const order = [...reachable(GRAPH, 'base', 'dependents')];
  return order.indexOf(a) - order.indexOf(b);
}

const runs = fc.record({
  graph: acyclicGraphs(25),
  concurrency: fc.integer({ min: 1, max: 8 }),
  picks: fc.infiniteStream(fc.nat()),
  failing: fc.func(fc.boolean()),
});

/** Plays a schedule to its end; what ends next and what fails is chance, and now and then it is rebuilt from its snapshot. */
function play(run: { graph: BuildGraph; concurrency: number; picks: Iterable<number>; failing: (id: string) => boolean }): {
  schedule: Schedule;
  starts: string[];
} {
  const chance = run.picks[Symbol.iterator]();
  const pick = () => Number(chance.next().value ?? 0);
  const with_ = settings(run.graph, run.concurrency);
  let schedule = new Schedule(with_);
  const starts: string[] = [];
  while (!schedule.isOver) {
    starts.push(...schedule.take());
    expect(schedule.running.size).toBeLessThanOrEqual(run.concurrency);
    const ready = [...schedule.states].filter(([, state]) => state === 'ready').length;
    if (schedule.running.size < run.concurrency) expect(ready).toBe(0);
    const running = [...schedule.running];
    const id = running[pick() % running.length];
    if (id === undefined) throw new TypeError('nothing runs though it is not over');
    for (const needed of run.graph.dependencies.get(id) ?? []) expect(schedule.state(needed)).toBe('done');
    schedule.finish(id, run.failing(id) ? 'failed' : 'done');
    if (pick() % 3 === 0) {
      const before = new Map(schedule.states);
      schedule = Schedule.restore(with_, JSON.parse(JSON.stringify(schedule.snapshot())), true);
      expect(new Map(schedule.states)).toEqual(before);
    }
  }
  return { schedule, starts };
}

test('never more than N, never fewer while one is ready, each once, also over restarts', () => {
  fc.assert(
    fc.property(runs, ({ failing: _none, ...run }) => {
      const { schedule, starts } = play({ ...run, failing: () => false });
      expect(starts.toSorted()).toEqual(run.graph.ids.toSorted());
      expect(new Set(schedule.states.values())).toEqual(new Set(['done']));
    }),
  );
});

test('what needs a failed node is blocked, all else is built', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { schedule, starts } = play(run);
      const failed = starts.filter((id) => schedule.state(id) === 'failed');
      const blocked = new Set(failed.flatMap((id) => [...reachable(run.graph, id, 'dependents')]));
      for (const id of run.graph.ids) {
        if (blocked.has(id)) expect(schedule.state(id)).toBe('blocked');
        else expect(schedule.state(id)).toBe(failed.includes(id) ? 'failed' : 'done');
      }
    }),
  );
});
