import { expect, test } from 'vitest';
import { graphOf } from './random-graphs-for-tests.ts';
import { whyWaits } from './why-waits.ts';

const GRAPH = graphOf({ app: ['lib', 'ui'], lib: ['base'], ui: [], base: [] });

test('names what is open, and the chain down to what takes longest', () => {
  const states = new Map([
    ['app', 'waiting'],
    ['lib', 'waiting'],
    ['ui', 'running'],
    ['base', 'running'],
  ] as const);
  expect(whyWaits(GRAPH, states, new Map(), 'app')).toEqual({ on: ['lib', 'ui'], chain: ['app', 'lib', 'base'] });
  expect(whyWaits(GRAPH, states, new Map([['ui', 500]]), 'app')?.chain).toEqual(['app', 'ui']);
});

test('nothing keeps a node whose dependencies are built', () => {
  const states = new Map([
    ['base', 'cached'],
    ['lib', 'ready'],
  ] as const);
  expect(whyWaits(GRAPH, states, new Map(), 'lib')).toBeUndefined();
});

test('a chain ends where it closes', () => {
  const graph = graphOf({ a: ['b'], b: ['a'] });
  expect(whyWaits(graph, new Map(), new Map(), 'a')?.chain).toEqual(['a', 'b']);
});
