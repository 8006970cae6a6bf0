import type { CommitInfo } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { commitsOfRelease, scoreChange } from './recent-change.ts';
import { sampleCode } from './samples-for-tests.ts';

const commit = (sha: string, tags: string[] = []): CommitInfo => ({
  sha: sha.repeat(8),
  at: 0,
  author: 'A',
  subject: `Change ${sha}`,
  files: [],
  tags,
});
const history = [commit('e'), commit('d', ['v1.5.0']), commit('c'), commit('b', ['shop@1.4.0']), commit('a')];

test.each([
  ['v1.5.0', ['d', 'c']],
  ['1.5.0', ['d', 'c']],
  ['1.4.0', ['b', 'a']],
  ['eeeeeeee', ['e']],
  ['dddddddd', ['d', 'c']],
])('release %s brought %j', (release, shas) => {
  expect([...(commitsOfRelease(history, release) ?? [])].map((sha) => sha[0])).toEqual(shas);
});

test('a release that git does not know brought nothing that is known', () => {
  expect(commitsOfRelease(history, 'build-77')).toBeUndefined();
});

test('a change in the release is worth most, one before it little, a recent one more than an old one', () => {
  const lineCommits = {
    'a.js': [
      { from: 1, to: 1, commit: 'c'.repeat(8) },
      { from: 2, to: 2, commit: 'a'.repeat(8) },
    ],
  };
  const { codebase } = sampleCode(
    { 'a.js': 'exports.one = () => 1;\nexports.two = () => 2;\nexports.three = () => 3;\n' },
    { history, lineCommits },
  );
  const score = (name: string, release?: string, from = codebase) =>
    scoreChange(from, codebase.functions.find((one) => one.name === name)?.id, release);
  expect(score('one', 'v1.5.0')).toMatchObject({ value: 1, commit: 'c'.repeat(8) });
  expect(score('two', 'v1.5.0').value).toBe(0.3);
  expect(score('one').value).toBe(0.8);
  expect(score('three').why).toMatch(/not changed in the history/);
  const long = { ...codebase, history: [...Array.from({ length: 10 }, (_, nth) => commit(`x${nth}`)), ...history] };
  expect(score('one', undefined, long).value).toBe(0.6);
  const longer = { ...codebase, history: [...Array.from({ length: 30 }, (_, nth) => commit(`x${nth}`)), ...history] };
  expect(score('one', undefined, longer)).toMatchObject({ value: 0.4 });
});
