import type { BeatInput, Deployment, Verification } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { factsOf } from '../deployment.deploy/testing/facts.ts';
import { assessSuccess } from './assessSuccess.ts';
import { comparisonOf, deploymentOf } from './testing/figures.ts';

const verificationOf = (verdict: Verification['verdict'], detail = 'as seen'): Verification => ({
  verdict,
  traffic: 30,
  recurrences: 0,
  before: {},
  after: {},
  detail,
  from: 1,
  to: 2,
});
const assess = (
  parts: Partial<Deployment>,
  comparisons: BeatInput<'assessSuccess'>['comparisons'] = [],
  type: Parameters<typeof factsOf>[0] = 'error',
) => assessSuccess({ anomaly: factsOf(type).anomaly, deployment: deploymentOf(factsOf(type), parts), comparisons, improvement: {} });

test('a firm verdict stands', () => {
  expect(assess({ verification: verificationOf('verified') })).toEqual({ successful: true, verdict: 'verified', why: 'as seen' });
  expect(assess({ verification: verificationOf('failed') }, [comparisonOf('incident error rate', 0.3, 0)])).toMatchObject({
    successful: false,
    verdict: 'failed',
  });
});

test('a revert is a failure, whoever made it', () => {
  const reverted = assess({ verification: verificationOf('verified'), revertCommit: 'r', reason: 'reverted by ann: broke search' });
  expect(reverted).toEqual({ successful: false, verdict: 'failed', why: 'reverted: reverted by ann: broke search' });
});

test('too little traffic then may be enough since', () => {
  const verification = verificationOf('inconclusive', 'only 3 calls');
  expect(assess({ verification }, [comparisonOf('incident error rate', 0.25, 0)])).toMatchObject({
    successful: true,
    verdict: 'verified',
    why: 'incident error rate went from 0.250 to 0 since the deploy',
  });
  expect(assess({ verification }, [comparisonOf('duration p50', 50, 70)], 'performance')).toMatchObject({
    successful: false,
    verdict: 'failed',
  });
  const unsure = [comparisonOf('incident error rate', 0.25, 0, { significant: false })];
  expect(assess({ verification }, unsure)).toEqual({ successful: false, verdict: 'inconclusive', why: 'only 3 calls' });
  expect(assess({}, unsure).why).toBe('it was not verified in production');
});

test('what got worse beside it is told, and decides nothing', () => {
  const comparisons = [
    comparisonOf('duration p50', 10, 90, { effect: -0.9 }),
    comparisonOf('duration p95', 10, 11, { effect: -0.1 }),
    comparisonOf('error rate', 0.1, 0.2),
  ];
  const { successful, why } = assess({ verification: verificationOf('verified') }, comparisons);
  expect(successful).toBe(true);
  expect(why).toBe('as seen; worse beside it: duration p50 went from 10 to 90, error rate went from 0.100 to 0.200');
});
