import { expect, test } from 'vitest';
import { analyzePerformanceIssues } from './analyzePerformanceIssues.ts';
import { shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode } from './sample-analysis.ts';

test('slow operations are analysed through the calls of their route, other anomalies are left alone', async () => {
  const { error, performance } = await shopAnomalies();
  if (performance.details.type !== 'performance') throw new Error('the fixture is not slow');
  const slow = { ...performance, place: {}, details: { ...performance.details, operation: 'POST /prices' } };
  const { issues } = analyzePerformanceIssues({ anomalies: [error, slow], ...(await sampleCode()) });
  expect(issues).toMatchObject([
    { rootCause: { category: 'sequential-awaits', location: { file: 'src/orders.js', line: 8 } }, data: { loopStart: 8, loopEnd: 10 } },
  ]);
});
