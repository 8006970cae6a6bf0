import { utimesSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tempTree } from '../testing/temp-tree.ts';
import { SetupMemory } from './setup-memory.ts';

it('keeps a fact from one set-up to the next', () => {
  using tree = tempTree();
  expect(new SetupMemory(tree.root).recall('where')).toBeUndefined();
  new SetupMemory(tree.root).remember('where', '/some/place');
  expect(new SetupMemory(tree.root).recall('where')).toBe('/some/place');
});

it('forgets what is older than asked for', () => {
  using tree = tempTree();
  const memory = new SetupMemory(tree.root);
  memory.remember('tried', 'then');
  const twoHoursAgo = Date.now() / 1000 - 7_200;
  utimesSync(tree.path('.cache/setup/tried'), twoHoursAgo, twoHoursAgo);
  expect(memory.recall('tried', 3_600_000)).toBeUndefined();
  expect(memory.recall('tried', 3 * 3_600_000)).toBe('then');
});
