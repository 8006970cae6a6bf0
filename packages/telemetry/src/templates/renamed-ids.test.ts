import { expect, it } from 'vitest';
import { RenamedIds } from './renamed-ids.ts';

it('follows an id through all that became of it', () => {
  const ids = new RenamedIds();
  ids.add('a', 'b');
  ids.add('b', 'c');
  expect([ids.find('a'), ids.find('c'), ids.current()]).toEqual(['c', 'c', { a: 'c', b: 'c' }]);
});

it('never turns in a circle, though workers merged the other way around', () => {
  const ids = new RenamedIds();
  ids.add('a', 'b');
  ids.add('b', 'a');
  ids.add('a', 'c');
  expect(ids.current()).toEqual({ a: 'b' });
});

it('forgets the oldest first', () => {
  const ids = new RenamedIds();
  for (let n = 0; n <= 10_000; n += 1) ids.add(`old ${n}`, 'new');
  expect([ids.has('old 0'), ids.has('old 1'), ids.has('old 10000')]).toEqual([false, true, true]);
});
