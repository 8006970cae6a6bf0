import type { FlowStats } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { observe } from '../observe/observation.ts';
import { anomalyOf, DETAILS } from '../testing/facts.ts';
import { judge } from './judge.ts';
import { coveredLines } from './judge-coverage.ts';
import type { Evidence } from './judgement.ts';

const flowOf = (right: number, wrong: number): FlowStats => {
  const variant = (steps: string[], count: number) => ({
    key: steps.join(' > '),
    steps,
    count,
    stuck: 0,
    gapsMs: [],
    durationsMs: [],
    explainedWaitMs: [],
    examples: [],
  });
  return {
    flow: 'checkout',
    release: '',
    count: right + wrong,
    variants: [variant(['reserve', 'charge', 'ship'], right), variant(['charge', 'reserve', 'ship'], wrong)],
  };
};

function behaviour(before: FlowStats, after: FlowStats, final: boolean) {
  const none = observe([], 0, 1);
  const evidence: Evidence = {
    anomaly: anomalyOf(DETAILS.behavioral),
    before: { ...none, flows: [before] },
    after: { ...none, flows: [after] },
    minimumTraffic: 20,
    final,
  };
  return judge(evidence).verdict;
}

describe('a flow with hardly any deviating runs', () => {
  test('is healed at the end of the window where there are clearly fewer', () => {
    expect(behaviour(flowOf(0, 200), flowOf(99, 1), true)).toBe('verified');
    expect(behaviour(flowOf(0, 200), flowOf(99, 1), false)).toBeUndefined();
  });

  test('has no verdict where that may be luck', () => {
    expect(behaviour(flowOf(195, 5), flowOf(99, 1), true)).toBe('inconclusive');
    expect(behaviour(flowOf(195, 5), flowOf(60, 0), false)).toBeUndefined();
  });
});

test('a flow never seen before is compared with what the detector saw', () => {
  const nothing = { ...flowOf(0, 0), variants: [] };
  expect(behaviour(nothing, flowOf(25, 0), false)).toBe('verified');
});

test('traffic says nothing of a test gap', () => {
  const none = observe([], 0, 1);
  expect(judge({ anomaly: anomalyOf(DETAILS.coverage), before: none, after: none, minimumTraffic: 1, final: true }).verdict).toBe(
    'inconclusive',
  );
});

describe('covered lines', () => {
  const { coverage } = DETAILS;
  if (coverage.type !== 'coverage') throw new Error('the sample is of another type');
  const details = { ...coverage, uncoveredLines: [6, 7, 8] };
  const file = (lines: Record<string, number>, path = 'src/cart.js') => ({
    commit: 'c',
    files: [{ path, lines, functions: [{ name: 'total', startLine: 10, endLine: 12, count: 1 }], branches: { covered: 0, total: 0 } }],
  });

  test('are the named ones that can run', () => {
    expect(coveredLines(file({ '5': 1, '6': 2, '8': 0 }), details, true)).toEqual({ covered: 1, total: 2 });
  });

  test('are those of the function where the file has changed since', () => {
    expect(coveredLines(file({ '6': 1, '10': 1, '11': 0, '12': 3, '13': 1 }), details, false)).toEqual({ covered: 2, total: 3 });
  });

  test('are none where no test loads the file', () => {
    expect(coveredLines(file({}, 'src/other.js'), details, true)).toEqual({ covered: 0, total: 3 });
  });
});
