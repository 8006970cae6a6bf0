import { expect, test } from 'vitest';
import { analyzeBehavioralIssues } from './analyzeBehavioralIssues.ts';
import { shopAnomalies } from './diagnosis-rig.ts';
import { sampleCode } from './sample-analysis.ts';

test('flows out of order are analysed, other anomalies are left alone', async () => {
  const { behavioral, coverage } = await shopAnomalies();
  if (behavioral.details.type !== 'behavioral') throw new Error('the fixture is no flow');
  const seen = { ...behavioral.details.seen, steps: ['charge', 'reserve'] };
  const details = {
    ...behavioral.details,
    flow: 'settle',
    declaredIn: 'flows/settle.json',
    expected: ['reserve', 'charge'],
    steps: ['charge'],
    seen,
  };
  const { issues } = analyzeBehavioralIssues({ anomalies: [coverage, { ...behavioral, details }], ...(await sampleCode()) });
  expect(issues).toMatchObject([
    {
      rootCause: { category: 'declared-order-violated', location: { file: 'src/flow.js' } },
      data: {
        callSites: [
          { step: 'charge', line: 4 },
          { step: 'reserve', line: 5 },
        ],
      },
    },
  ]);
});
