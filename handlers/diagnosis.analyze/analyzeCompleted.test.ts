import { expect, test } from 'vitest';
import { analyzeCompleted } from './analyzeCompleted.ts';
import { sampleIssue } from './sample-analysis.ts';

test('the summary names kind, place and confidence', () => {
  const done = analyzeCompleted({
    diagnosisId: 'd',
    confidence: 0.8,
    issues: [sampleIssue({ confidence: 0.3, category: 'other' }), sampleIssue()],
  });
  expect(done).toEqual({ diagnosisId: 'd', confidence: 0.8, summary: 'null-access at src/orders.js:3 in find, confidence 0.80' });
});

test('an abstention says why', () => {
  expect(analyzeCompleted({ diagnosisId: 'd', confidence: 0.2, abstained: 'no frame', issues: [sampleIssue()] })).toMatchObject({
    abstained: 'no frame',
    summary: 'abstains: no frame',
  });
});

test('a place without a function, and no issue at all, are said too', () => {
  const bare = sampleIssue({
    rootCause: { category: 'wrong-timing', explanation: '', location: { file: 'flows/a.json', line: 4 }, confidence: 0.8 },
  });
  expect(analyzeCompleted({ diagnosisId: 'd', confidence: 0.8, issues: [bare] }).summary).toBe(
    'wrong-timing at flows/a.json:4, confidence 0.80',
  );
  expect(analyzeCompleted({ diagnosisId: 'd', confidence: 0, issues: [] }).summary).toBe('nothing was analysed');
});
