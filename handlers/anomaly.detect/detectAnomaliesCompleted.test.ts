import { expect, test } from 'vitest';
import { detectAnomaliesCompleted } from './detectAnomaliesCompleted.ts';

const incident = {
  id: 'inc-1',
  fingerprint: 'f',
  workflowId: 'heal/shop/f',
  type: 'error',
  title: 'TypeError in label',
  isNew: true,
  status: 'open',
};

test('says what was found in one line', () => {
  const result = detectAnomaliesCompleted({
    incidents: [incident, { ...incident, isNew: false, status: 'fixing' }],
    findings: ['an-1'],
    suppressed: [{ fingerprint: 'x', because: 'y' }],
  });
  expect(result.summary).toBe(
    '2 incidents (1 new): TypeError in label [open]; TypeError in label [fixing], 1 finding, 1 consequence left out',
  );
  expect(result.healthy).toBe(false);
});

test('findings alone, and what is healed or dismissed, are healthy', () => {
  expect(detectAnomaliesCompleted({ incidents: [], findings: ['a', 'b'], suppressed: [] })).toMatchObject({
    healthy: true,
    summary: 'no incident, 2 findings',
  });
  const settled = ['healed', 'dismissed'].map((status) => ({ ...incident, status }));
  expect(detectAnomaliesCompleted({ incidents: settled, findings: [], suppressed: [] }).healthy).toBe(true);
});
