import { delimiter } from 'node:path';
import { expect, it } from 'vitest';
import { tempTree } from '../testing/temp-tree.ts';
import { findExecutable } from './find-executable.ts';

it('finds the first on PATH that can be run, before all other folders', () => {
  using tree = tempTree({ 'a/tool': 'not executable', 'b/tool/file': 'tool is a folder here' });
  const found = tree.writeProgram('c/tool', 'exit 0');
  tree.writeProgram('d/tool', 'exit 0');
  tree.writeProgram('versions/9/bin/tool', 'exit 0');
  const path = ['', ...['a', 'b', 'missing', 'c', 'd'].map(tree.path)].join(delimiter);
  expect(findExecutable('tool', path, [tree.path('versions/*/bin')])).toBe(found);
});

it('looks into folders by pattern when PATH has none', () => {
  using tree = tempTree();
  const found = tree.writeProgram('versions/15/bin/tool', 'exit 0');
  expect(findExecutable('tool', undefined, [tree.path('versions/*/bin')])).toBe(found);
  expect(findExecutable('tool', tree.root, [tree.path('others/*')])).toBeUndefined();
});
