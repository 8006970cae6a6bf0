import { expect, test } from 'vitest';
import { openBuild } from './leading-build-for-tests.ts';

const DIAMOND = { app: ['lib', 'ui'], lib: ['base'], ui: ['base'], base: [] };

test('starts tasks by itself, and answers who asks early, meanwhile or late with the same', async () => {
  const { leading, runs, end } = openBuild(DIAMOND, 1);
  const early = leading.ask('app');
  leading.start();
  expect(runs).toEqual(['base']);
  const meanwhile = leading.ask('base');
  await end('base');
  expect(await meanwhile).toEqual({ outcome: 'done', result: 'result of base' });
  // One slot: the other waits for its turn, asked for or not.
  void leading.ask('ui');
  expect(runs).toEqual(['base', 'lib']);
  for (const id of ['lib', 'ui', 'app']) await end(id);
  await leading.over;
  expect(await early).toEqual({ outcome: 'done', result: 'result of app' });
  expect(await leading.ask('lib')).toEqual({ outcome: 'done', result: 'result of lib' });
  expect(runs).toEqual(['base', 'lib', 'ui', 'app']);
});

test('tells who falls behind of all that has ended meanwhile, once, and again where an answer was lost', async () => {
  const { leading, end } = openBuild({ a: [], b: [], c: [], d: [] }, 4);
  leading.start();
  for (const id of ['a', 'b']) await end(id);
  const [a, b] = ['a', 'b'].map((id) => ({ outcome: 'done', result: `result of ${id}` }));
  expect(await leading.ask('a')).toEqual({ ...a, others: { b } });
  await end('c');
  const c = { outcome: 'done', result: 'result of c' };
  expect(await leading.ask('a')).toEqual({ ...a, others: { b, c } });
  const asked = leading.ask('d');
  await end('d');
  expect(await asked).toEqual({ outcome: 'done', result: 'result of d' });
});

test('what never gets its turn is answered as cancelled, and opened again by a retry', async () => {
  const { leading, runs, end } = openBuild(DIAMOND, 2);
  leading.start();
  const blocked = leading.ask('app');
  await end('base', 'failed');
  await leading.over;
  expect(await blocked).toMatchObject({ outcome: 'cancelled' });
  expect([leading.stateOf('base'), leading.stateOf('app')]).toEqual(['failed', 'blocked']);
  leading.steer({ kind: 'retry-failed' });
  const again = leading.ask('app');
  for (const id of ['base', 'lib', 'ui', 'app']) await end(id);
  expect([await again, runs]).toEqual([
    expect.objectContaining({ outcome: 'done', result: 'result of app' }),
    ['base', 'base', 'lib', 'ui', 'app'],
  ]);
});

test('goes by what a person changes at once', async () => {
  const { leading, runs, end, stopped } = openBuild({ a: [], b: [], c: [], d: [], e: [] }, 1);
  leading.start();
  leading.steer({ kind: 'concurrency', concurrency: 3 });
  expect(runs).toEqual(['a', 'b', 'c']);
  leading.steer({ kind: 'pause' });
  await end('a');
  expect(runs).toHaveLength(3);
  leading.steer({ kind: 'resume' });
  expect(runs).toEqual(['a', 'b', 'c', 'd']);
  leading.steer({ kind: 'cancel' });
  expect(stopped()).toEqual(['b', 'c', 'd']);
  for (const id of ['b', 'c', 'd']) await end(id, 'cancelled');
  await leading.over;
  expect(leading.stateOf('e')).toBe('ready');
});

test('goes on where a build was cut off: what had ended is not run again', async () => {
  const ended = new Map([['base', { outcome: 'done', result: 'result of base' }]] as const);
  const { leading, runs, end, upstream } = openBuild(DIAMOND, 2, ended);
  leading.start();
  expect(runs).toEqual(['lib', 'ui']);
  expect(upstream('lib')).toEqual({ base: 'result of base' });
  for (const id of ['lib', 'ui', 'app']) await end(id);
  await leading.over;
  expect(upstream('app')).toEqual({ lib: 'result of lib', ui: 'result of ui' });
});
