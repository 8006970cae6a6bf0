import { expect, test } from 'vitest';
import { analyzeErrorIssues } from './analyzeErrorIssues.ts';
import { shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode } from './sample-analysis.ts';

test('errors are analysed, other anomalies are left alone', async () => {
  const { error, performance, behavioral, coverage } = await shopAnomalies();
  if (error.details.type !== 'error') throw new Error('the fixture is no error');
  const frames = [{ file: 'src/orders.js', line: 3, function: 'find', inApp: true }];
  const message = "Cannot read properties of undefined (reading 'total')";
  const example = { ...error.details.error.examples[0], message, frames };
  const details = {
    ...error.details,
    error: {
      ...error.details.error,
      frames,
      examples: [{ ...example, evidence: { eventId: 'e', source: 's', line: 1, time: 1, text: message } }],
    },
  };
  const { issues } = analyzeErrorIssues({ anomalies: [performance, { ...error, details }, behavioral, coverage], ...(await sampleCode()) });
  expect(issues).toMatchObject([
    {
      anomalyId: 'shop-error',
      rootCause: { category: 'null-access', expression: 'order.total', location: { line: 3 } },
      data: { origin: 'find' },
    },
  ]);
  expect(issues[0]?.facts[0]?.lines?.[0]?.eventId).toBe('e');
});

test('an error of code that is not here abstains', async () => {
  const { error } = await shopAnomalies();
  const { issues } = analyzeErrorIssues({ anomalies: [error], ...(await sampleCode()) });
  expect(issues[0]?.abstain).toMatch(/not in a source file of the repository/);
});
