import { expect, test } from 'vitest';
import { trackCompleted } from './trackCompleted.ts';

test('says how the fix did, and how its template fares', () => {
  const base = { effectivenessId: 'eff-1', successful: true, verdict: 'verified' as const, why: 'no recurrence in 40 calls' };
  const insights = [
    { kind: 'outcome' as const, text: 'x', figures: {} },
    { kind: 'template' as const, text: '3 of 4 held', figures: {} },
  ];
  expect(trackCompleted({ ...base, insights })).toEqual({
    effectivenessId: 'eff-1',
    successful: true,
    verdict: 'verified',
    summary: 'verified: no recurrence in 40 calls; 3 of 4 held',
  });
  expect(trackCompleted({ ...base, insights: [] }).summary).toBe('verified: no recurrence in 40 calls');
});
