import { expect, test } from 'vitest';
import { nearestName } from './nearest.ts';

test.each([
  ['lodFiles', ['loadFiles', 'storeFiles'], 'loadFiles'],
  ['LOADFILES', ['loadFiles'], 'loadFiles'],
  ['eqals', ['eq', 'equals'], 'equals'],
  ['entirely', ['different'], undefined],
  ['x', [], undefined],
])('%s in %j', (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});
