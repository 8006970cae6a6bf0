import { expect, it } from 'vitest';
import { outcomeSentence } from './outcome-sentence.ts';

it('says the verdict once, and what learning adds to it', () => {
  const shipped = 'merged as 0123456789ab; verified: no recurrence in 40 calls; 12 % failed before';
  const learned = 'verified: no recurrence in 40 calls; 12 % failed before; worse beside it: p95 went from 4 to 9; guard-null held 3 of 3';
  expect(outcomeSentence(shipped, learned)).toBe(`${shipped}; worse beside it: p95 went from 4 to 9; guard-null held 3 of 3`);
});

it('says why a fix was reverted once', () => {
  const shipped = 'merged as 0123456789ab, then reverted as ba9876543210: the error came back 4 times';
  expect(outcomeSentence(shipped, 'failed: reverted: the error came back 4 times')).toBe(shipped);
});

it('keeps a verdict that was found since the deploy', () => {
  const shipped = 'merged as 0123456789ab and deployed; no verdict: 3 calls are too few';
  expect(outcomeSentence(shipped, 'verified: p95 went from 90 to 4 since the deploy')).toBe(
    `${shipped}; verified: p95 went from 90 to 4 since the deploy`,
  );
});

it('does without one of the two', () => {
  expect(outcomeSentence('merged', undefined)).toBe('merged');
  expect(outcomeSentence('', 'verified: all well')).toBe('verified: all well');
});
