import { sequences } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { createDiagnosisAnalyzeHandlers, diagnosisAnalyzeHandlers } from './index.ts';
import { sampleIssue } from './sample-analysis.ts';

test('there is a handler for each beat', () => {
  expect(Object.keys(diagnosisAnalyzeHandlers).sort()).toEqual(Object.keys(sequences['diagnosis.analyze']).sort());
});

test('templates of plugins are among the recommendations', () => {
  const plugin = { name: 'mine', prior: 0.99, categories: ['null-access'], source: 'plugin', propose: () => [] };
  const { recommendations } = createDiagnosisAnalyzeHandlers([plugin]).recommendFixes({ issues: [sampleIssue()], impacts: [], priors: [] });
  expect(recommendations[0]?.recommendations[0]?.templates[0]).toBe('mine');
});
