import type { BehavioralDetails, FlowVariant } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { anomalyOf, DETAILS } from '../testing/facts.ts';
import { flowConformance } from './flow-conformance.ts';

const EXPECTED = ['reserve', 'charge', 'ship'];

function variantOf(steps: readonly string[], count: number, parts: Partial<FlowVariant> = {}): FlowVariant {
  return {
    key: steps.join(' > '),
    steps: [...steps],
    count,
    stuck: 0,
    gapsMs: steps.map(() => null),
    durationsMs: steps.map(() => null),
    explainedWaitMs: steps.map(() => 0),
    examples: [],
    ...parts,
  };
}

function conformance(deviation: Partial<BehavioralDetails>, variants: FlowVariant[], metrics: Record<string, number> = {}) {
  const { behavioral } = DETAILS;
  if (behavioral.type !== 'behavioral') throw new Error('the sample is of another type');
  const anomaly = anomalyOf({ ...behavioral, expected: EXPECTED, ...deviation }, { metrics });
  const other = { flow: 'refund', release: '', count: 9, variants: [variantOf(['charge', 'reserve'], 9)] };
  const { runs, conforming } = flowConformance([{ flow: 'checkout', release: 'r', count: 0, variants }, other], anomaly);
  return [runs, conforming];
}

test('order: the steps concerned in the order expected', () => {
  const variants = [
    variantOf(EXPECTED, 5),
    variantOf(['charge', 'reserve', 'ship'], 3),
    variantOf(['charge', 'ship'], 2),
    variantOf(['ship', 'reserve', 'charge'], 1),
  ];
  expect(conformance({ deviation: 'order', steps: ['reserve', 'charge'] }, variants)).toEqual([11, 8]);
});

test('missing: completed runs with all of the steps', () => {
  const variants = [variantOf(EXPECTED, 5), variantOf(['reserve', 'ship'], 4), variantOf(['reserve'], 6, { failed: 5, stuck: 1 })];
  expect(conformance({ deviation: 'missing', steps: ['charge'] }, variants)).toEqual([9, 5]);
});

test('extra: no step more often than expected', () => {
  const variants = [variantOf(EXPECTED, 5), variantOf(['reserve', 'charge', 'charge', 'ship'], 4), variantOf([...EXPECTED, 'log'], 3)];
  expect(conformance({ deviation: 'extra', steps: ['charge'] }, variants)).toEqual([12, 8]);
  expect(conformance({ deviation: 'extra', steps: ['log'] }, variants)).toEqual([12, 9]);
});

test('stuck: runs that got past the step', () => {
  const variants = [variantOf(EXPECTED, 5), variantOf(['reserve', 'charge'], 4, { stuck: 3 }), variantOf(['reserve'], 2)];
  expect(conformance({ deviation: 'stuck', steps: ['charge'] }, variants)).toEqual([11, 6]);
});

describe('waiting', () => {
  const waits = (gap: number | null, explained = 0) =>
    variantOf(EXPECTED, 5, { gapsMs: [null, gap, 5], explainedWaitMs: [0, explained, 0] });
  const waited = (variant: FlowVariant) =>
    conformance({ deviation: 'waiting', steps: ['charge'], waitMs: 1_000 }, [variant], { expectedWaitMs: 100 });

  test('runs whose wait is nearer to what is expected', () => {
    expect(waited(waits(200))).toEqual([5, 5]);
    expect(waited(waits(900))).toEqual([5, 0]);
    expect(waited(waits(900, 800))).toEqual([5, 5]);
  });

  test('only runs of which the wait is known', () => {
    expect(waited(waits(null))).toEqual([0, 0]);
    expect(waited(variantOf(['charge'], 5))).toEqual([0, 0]);
  });
});

test('only anomalies of flows have runs', () => {
  expect(flowConformance([], anomalyOf(DETAILS.error))).toEqual({ runs: 0, conforming: 0 });
});
