import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bottomLevels, criticalPath } from './critical-path.ts';
import { estimate } from './estimate.ts';
import { acyclicGraphs, graphOf } from './random-graphs-for-tests.ts';

const GRAPH = graphOf({ app: ['slow', 'quick'], slow: ['base'], quick: ['base'], base: [] });
const DURATIONS = new Map([
  ['base', 10],
  ['slow', 50],
  ['quick', 5],
  ['app', 20],
]);

test('the longest chain, from the first to the last', () => {
  expect(criticalPath(GRAPH, DURATIONS)).toEqual({ path: ['base', 'slow', 'app'], durationMs: 80 });
  expect(bottomLevels(GRAPH, DURATIONS).get('quick')).toBe(25);
  expect(criticalPath(graphOf({}), new Map())).toEqual({ path: [], durationMs: 0 });
});

const weighted = acyclicGraphs(25).chain((graph) =>
  fc
    .array(fc.integer({ min: 1, max: 100 }), { minLength: graph.ids.length, maxLength: graph.ids.length })
    .map((times) => ({ graph, durations: new Map(graph.ids.map((id, at) => [id, times[at] ?? 1])) })),
);

test('it is a chain of the graph and no other is longer', () => {
  fc.assert(
    fc.property(weighted, ({ graph, durations }) => {
      const { path, durationMs } = criticalPath(graph, durations);
      for (const [at, id] of path.entries()) if (at > 0) expect(graph.dependencies.get(id)).toContain(path[at - 1]);
      expect(path.reduce((sum, id) => sum + (durations.get(id) ?? 0), 0)).toBe(durationMs);
      expect(estimate({ graph, durations, concurrency: graph.ids.length })).toBe(durationMs);
    }),
  );
});

test('an estimate keeps within the bounds of list scheduling', () => {
  fc.assert(
    fc.property(weighted, fc.integer({ min: 1, max: 6 }), ({ graph, durations }, concurrency) => {
      const work = [...durations.values()].reduce((sum, ms) => sum + ms, 0);
      const { durationMs } = criticalPath(graph, durations);
      const ms = estimate({ graph, durations, concurrency }) ?? Number.NaN;
      expect(ms).toBeGreaterThanOrEqual(Math.max(durationMs, work / concurrency) - 1e-6);
      // Graham 1969.
      expect(ms).toBeLessThanOrEqual(work / concurrency + (1 - 1 / concurrency) * durationMs + 1e-6);
    }),
  );
});

test('an estimate goes on from what has ended and what runs', () => {
  const states = new Map([
    ['base', 'done'],
    ['slow', 'running'],
    ['quick', 'ready'],
    ['app', 'waiting'],
  ] as const);
  const ranMs = new Map([['slow', 30]]);
  expect(estimate({ graph: GRAPH, durations: DURATIONS, concurrency: 2, states, ranMs })).toBe(40);
  expect(estimate({ graph: GRAPH, durations: DURATIONS, concurrency: 1, states, ranMs })).toBe(45);
});

test('a node never seen takes the median; with nothing seen there is no estimate', () => {
  const some = new Map([
    ['base', 10],
    ['slow', 30],
    ['app', 20],
  ]);
  expect(estimate({ graph: GRAPH, durations: some, concurrency: 1 })).toBe(80);
  expect(estimate({ graph: GRAPH, durations: new Map(), concurrency: 1 })).toBeUndefined();
});
