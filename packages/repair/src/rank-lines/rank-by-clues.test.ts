import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedCall } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { temporaryRepo } from '../codebase/repo-for-tests.ts';
import { historyClues } from './history-clues.ts';
import { productionClues } from './production-clues.ts';
import { rankByClues } from './rank-by-clues.ts';

const ranks = [1, 2, 3].map((line) => ({ file: 'a.js', line, score: 0.5, why: 'ran' }));

test('lines of the newest change come first, work that is not committed before all', async () => {
  await using repo = await temporaryRepo({ 'a.js': 'one\ntwo\n' });
  await repo.commit('new', { 'a.js': 'one\nchanged\n' });
  const committed = rankByClues(ranks.slice(0, 2), await historyClues(repo.root, ['a.js']));
  expect(committed.map(({ line }) => line)).toEqual([2, 1]);
  expect(committed[0]?.why).toMatch(/^changed by [0-9a-f]{8}, the newest change here; ran$/);
  await appendFile(join(repo.root, 'a.js'), 'three\n');
  const [first] = rankByClues(ranks, await historyClues(repo.root, ['a.js']));
  expect(first).toMatchObject({ line: 3, score: 0.75, why: 'not committed yet, the newest change here; ran' });
});

test('a folder that is no repository, and a history of one commit, tell nothing', async () => {
  await using repo = await temporaryRepo({ 'a.js': 'one\n' });
  expect(rankByClues(ranks, await historyClues(repo.root, ['a.js', 'none.js']))).toEqual(ranks);
  expect(rankByClues(ranks, await historyClues('/', ['a.js']))).toEqual(ranks);
});

test('a line counts by the share of the failing calls of production that went through it', () => {
  const call = (...lines: number[]): RecordedCall => ({
    operation: 'op',
    eventId: `${lines}`,
    outcome: 'error',
    frames: lines.map((line) => ({ function: 'f', file: 'a.js', line, inApp: true, values: {} })),
  });
  const clues = productionClues({ failingCalls: [call(2, 3), call(2), { ...call(), frames: [] }] });
  expect(clues('a.js', 1)).toBeUndefined();
  expect(clues('a.js', 2)).toEqual({ factor: 2, why: '2 of 2 failing calls of production went through it' });
  expect(clues('a.js', 3)?.factor).toBe(1.5);
});
