import type { FixTemplate, Impact } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { createRecommendFixes, recommendFixes } from './recommendFixes.ts';
import { sampleIssue } from './sample-analysis.ts';

const impact: Impact = {
  severity: 'high',
  affected: { functions: [], callers: [], routes: [], sequences: [] },
  affectedCalls: 120,
  shareOfCalls: 0.042,
};
const impacts = [{ anomalyId: 'shop-error', impact }];

function template(name: string, prior: number, categories: string[]): FixTemplate {
  return { name, prior, categories, source: 'sample', propose: () => [] };
}

describe('recommendations', () => {
  test('say what to do, how much work it is and what is gained', () => {
    const { recommendations } = recommendFixes({ issues: [sampleIssue()], impacts, priors: [] });
    expect(recommendations[0]?.recommendations).toMatchObject([
      {
        type: 'code',
        effort: 'small',
        priority: 'high',
        description: expect.stringContaining('src/orders.js:3'),
        benefit: 'ends an error that hit 120 calls (4.2 % of all)',
      },
      { type: 'test', templates: [] },
    ]);
    expect(recommendations[0]?.recommendations[0]?.templates.length).toBeGreaterThan(0);
  });

  test.each([
    ['performance', 'sequential-awaits', 'medium', /ends what was measured: it takes 80 ms/],
    ['behavioral', 'declared-order-violated', 'small', /as expected again in 120 runs/],
    ['error', 'nobody knows', 'large', /120 calls/],
  ] as const)('of class %s and category %s', (type, category, effort, benefit) => {
    const issue = sampleIssue({ type, category, facts: [{ statement: 'it takes 80 ms', kind: 'metric' }] });
    const [first] = recommendFixes({ issues: [issue], impacts, priors: [] }).recommendations[0]?.recommendations ?? [];
    expect(first?.effort).toBe(effort);
    expect(first?.benefit).toMatch(benefit);
  });

  test('for untested code are a test alone, for a wrong document a sequence', () => {
    const gap = recommendFixes({ issues: [sampleIssue({ type: 'coverage', category: 'untested-code' })], impacts: [], priors: [] });
    expect(gap.recommendations[0]?.recommendations.map((one) => [one.type, one.benefit])).toEqual([
      ['test', 'guards code that ran in production without a test'],
    ]);
    const document = recommendFixes({
      issues: [sampleIssue({ type: 'behavioral', category: 'wrong-timing', data: { document: true } })],
      impacts,
      priors: [],
    });
    expect(document.recommendations[0]?.recommendations[0]?.type).toBe('sequence');
  });

  test('are none where the analysis abstains', () => {
    const { recommendations } = recommendFixes({ issues: [sampleIssue({ abstain: 'unsure' })], impacts, priors: [] });
    expect(recommendations).toEqual([{ anomalyId: 'shop-error', recommendations: [] }]);
  });

  test('name fitting templates, those that worked before first', () => {
    const templates = [template('a', 0.5, ['null-access']), template('b', 0.4, ['null-access']), template('other', 0.9, ['wrong-timing'])];
    const recommend = createRecommendFixes(templates);
    const names = (priors: Parameters<typeof recommend>[0]['priors'], category = 'null-access') =>
      recommend({ issues: [sampleIssue({ category })], impacts, priors }).recommendations[0]?.recommendations[0]?.templates;
    expect(names([])).toEqual(['a', 'b']);
    const learned = { id: 'm', projectId: 'p', kind: 'prior' as const, key: 'error|b', value: { alpha: 9, beta: 1 }, updatedAt: 0 };
    expect(names([learned])).toEqual(['b', 'a']);
    expect(names([{ ...learned, value: { alpha: 'broken' } }])).toEqual(['a', 'b']);
    expect(names([], 'unknown')).toEqual(['other', 'a', 'b']);
  });
});
