import { appendFileSync, readdirSync, utimesSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type JournalKey, openTrialJournal } from './trial-journal.ts';

const key: JournalKey = { state: 'c0ffee', tests: ['node --test'], seed: 1 };
const outcome = { plausible: false, fixed: 0.5, broken: 0.25 };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'selfheal-journal-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('what a run that was cut off had tried is recalled, torn last line aside', async () => {
  const path = await folder();
  openTrialJournal(path, key).record('a', outcome);
  const [file = ''] = readdirSync(path);
  appendFileSync(join(path, file), '["b",tru');
  const second = openTrialJournal(path, key);
  expect(second.recall('a')).toEqual(outcome);
  expect(second.recall('b')).toBeUndefined();
  second.record('c', { ...outcome, plausible: true });
  expect(openTrialJournal(path, key).recall('c')).toEqual({ ...outcome, plausible: true });
});

test.each([
  ['other files', { state: 'beef' }],
  ['another command', { tests: ['vitest run'] }],
  ['another seed', { seed: 2 }],
])('nothing is recalled of %s', async (_title, other) => {
  const path = await folder();
  openTrialJournal(path, key).record('a', outcome);
  expect(openTrialJournal(path, { ...key, ...other }).recall('a')).toBeUndefined();
});

test('a finished search is forgotten, and so is one of long ago', async () => {
  const path = await folder();
  const journal = openTrialJournal(path, key);
  journal.record('a', outcome);
  journal.finish();
  expect(readdirSync(path)).toEqual([]);
  openTrialJournal(path, key).record('a', outcome);
  const [file = ''] = readdirSync(path);
  utimesSync(join(path, file), 0, 0);
  openTrialJournal(path, { ...key, seed: 7 });
  expect(readdirSync(path)).toEqual([]);
});
