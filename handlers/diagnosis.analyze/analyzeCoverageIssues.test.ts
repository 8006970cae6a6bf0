import { expect, test } from 'vitest';
import { analyzeCoverageIssues } from './analyzeCoverageIssues.ts';
import { shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode } from './sample-analysis.ts';

test('untested code is described, other anomalies are left alone', async () => {
  const { coverage, error } = await shopAnomalies();
  if (coverage.details.type !== 'coverage') throw new Error('the fixture is no gap');
  const named = { operation: 'find', functionId: 'src/orders.js#find@1', name: 'find', file: 'src/orders.js', startLine: 1, endLine: 4 };
  const details = { ...coverage.details, operation: 'find', function: named, uncoveredLines: [2, 3] };
  const { issues } = analyzeCoverageIssues({ anomalies: [error, { ...coverage, details }], ...(await sampleCode()) });
  expect(issues).toMatchObject([
    { rootCause: { category: 'untested-code' }, data: { functionId: 'src/orders.js#find@1', uncoveredLines: [2, 3], exportedAs: 'find' } },
  ]);
});
