import { expect, test } from 'vitest';
import { lastChange, mostChange } from './last-change.ts';
import { type LineCommits, readLineCommits } from './line-commits.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type TemporaryRepo, temporaryRepo } from './repo-for-tests.ts';

/** What `git blame` says of the same file, line by line. */
async function blamed(repo: TemporaryRepo, path: string): Promise<string[]> {
  const text = await repo.git('blame', '--first-parent', '--line-porcelain', 'HEAD', '--', path);
  return [...text.matchAll(/^([0-9a-f]{40}) \d+ \d+/gm)].map((match) => match[1] ?? '');
}

function perLine(commits: LineCommits, path: string): string[] {
  const lines: string[] = [];
  for (const { from, to, commit } of commits[path] ?? []) for (let line = from; line <= to; line++) lines[line - 1] = commit;
  return lines;
}

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

test('agrees with git blame over insertions, deletions, changes, merges and content that looks like a diff', async () => {
  await using repo = await temporaryRepo({ 'a.js': `${LINES.join('\n')}\n`, 'b.js': 'x\n' });
  await repo.commit('Change', {
    'a.js': `${LINES.map((line) => (line === 'five' ? '--- a/b.js\n+++ b/b.js\n@@ -1 +1 @@' : line)).join('\n')}\n`,
  });
  await repo.commit('Insert', { 'a.js': `zero\n${LINES.slice(0, 7).join('\n')}\nseven and a half\n${LINES.slice(7).join('\n')}` });
  await repo.git('checkout', '--quiet', '-b', 'side', 'HEAD~1');
  await repo.commit('Aside', { 'b.js': 'y\nz\n' });
  await repo.git('checkout', '--quiet', 'main');
  await repo.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'side');
  await repo.commit('Delete', { 'a.js': `zero\n${LINES.slice(2, 7).join('\n')}\nseven and a half\nten\n` });
  const snapshot = await readSnapshot({ root: repo.root, commit: 'HEAD' });
  const commits = await readLineCommits(repo.root, snapshot);
  expect(perLine(commits, 'a.js')).toEqual(await blamed(repo, 'a.js'));
  expect(perLine(commits, 'b.js')).toEqual(await blamed(repo, 'b.js'));
});

test('follows a renamed file', async () => {
  await using repo = await temporaryRepo({ 'old.js': `${LINES.join('\n')}\n` });
  await repo.git('mv', 'old.js', 'new.js');
  await repo.commit('Move and change', { 'new.js': `${LINES.map((line) => (line === 'two' ? 'TWO' : line)).join('\n')}\n` });
  const snapshot = await readSnapshot({ root: repo.root, commit: 'HEAD' });
  expect(perLine(await readLineCommits(repo.root, snapshot), 'new.js')).toEqual(await blamed(repo, 'new.js'));
});

test('a function was last changed by its newest line and mostly by most of its lines', () => {
  const runs = [
    { from: 1, to: 8, commit: 'old' },
    { from: 9, to: 9, commit: 'new' },
    { from: 10, to: 20, commit: 'other' },
  ];
  const times = new Map([
    ['old', 1],
    ['new', 2],
    ['other', 3],
  ]);
  expect(lastChange(runs, { startLine: 2, endLine: 9 }, times)).toBe('new');
  expect(mostChange(runs, { startLine: 2, endLine: 9 })).toBe('old');
  expect(lastChange(undefined, { startLine: 1, endLine: 2 }, times)).toBeUndefined();
});
