import type { Observation, WarmResult } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { rankByTrials } from './rank-by-trials.ts';
import { rankLines } from './rank-lines.ts';

const TEXT = `export function f(x) {
  if (x > 1) {
    return x * 2;
  }
  return x - 1;
}
`;
const at = (part: string): number => TEXT.indexOf(part);
const BRANCH: readonly [number, number] = [at('{\n    return'), at('\n  return x - 1')];

function result(key: string, observations: readonly Observation[]): WarmResult {
  return { key, file: 'f.test.js', title: key, passed: observations.every(({ passed }) => passed), observations, steps: 1, ms: 1 };
}

function observation(id: string, passed: boolean, intoBranch: boolean): Observation {
  const whole: [number, number, number] = [at('function'), TEXT.length, 1];
  const rest: [number, number, number] = intoBranch ? [BRANCH[1], TEXT.length - 1, 0] : [BRANCH[0], BRANCH[1], 0];
  return { id, passed, covered: [{ 'f.js': [whole, rest] }] };
}

test('lines that failing assertions alone ran come first', () => {
  const results = [
    result('a', [observation('1', false, true), observation('2', true, false)]),
    result('b', [observation('1', true, false)]),
  ];
  const ranks = rankLines(new Map([['f.js', TEXT]]), results);
  expect(ranks[0]).toMatchObject({ file: 'f.js', line: 3 });
  expect(ranks[0]?.why).toContain('run by 1 failing and 0 passing assertions');
  expect(ranks.map(({ line }) => line)).not.toContain(5);
});

test('a frame of a thrown error raises its line', () => {
  const error = { type: 'TypeError', message: 'x', stack: 'TypeError: x\n    at f (/copy/f.js:2:7)\n    at test (/copy/f.test.js:1:1)' };
  const failing: Observation = { ...observation('1', false, true), error };
  const ranks = rankLines(new Map([['f.js', TEXT]]), [result('a', [failing])]);
  expect(ranks[0]).toMatchObject({ line: 2 });
});

test('a line where an edit makes tests pass overtakes one where edits do nothing', () => {
  const ranks = [
    { file: 'f.js', line: 2, score: 0.9, why: 'first' },
    { file: 'f.js', line: 5, score: 0.5, why: 'second' },
  ];
  const after = rankByTrials(ranks, [{ file: 'f.js', line: 5, fixed: 1, broken: 0, plausible: 1 }]);
  expect(after.map(({ line }) => line)).toEqual([5, 2]);
  expect(after[0]?.why).toContain('makes all tests pass');
});
