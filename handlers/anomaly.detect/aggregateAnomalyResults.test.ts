import type { TelemetrySnapshot } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { aggregateAnomalyResults } from './aggregateAnomalyResults.ts';
import { detectBehavioralAnomalies } from './detectBehavioralAnomalies.ts';
import { detectCoverageGaps } from './detectCoverageGaps.ts';
import { detectErrorPatterns } from './detectErrorPatterns.ts';
import { detectPerformanceAnomalies } from './detectPerformanceAnomalies.ts';
import { faultySnapshot, healthySnapshot } from './testing/recorded-snapshots.ts';

function aggregate(snapshot: TelemetrySnapshot) {
  return aggregateAnomalyResults({
    snapshot,
    performance: detectPerformanceAnomalies({ snapshot }).anomalies,
    behavioral: detectBehavioralAnomalies({ snapshot }).anomalies,
    coverage: detectCoverageGaps({ snapshot }).anomalies,
    errors: detectErrorPatterns({ snapshot }).anomalies,
  });
}

test('keeps one anomaly for each cause, the severe first, and says what it left out', () => {
  const { anomalies, suppressed, learned } = aggregate(faultySnapshot);
  expect(anomalies.map(({ type }) => type)).toEqual(['error', 'behavioral', 'performance', 'coverage', 'coverage']);
  expect(suppressed).toMatchObject([
    { because: expect.stringMatching(/^POST \/basket\/quote takes .* a consequence of "quoteBasket takes/) },
  ]);
  expect(learned.map(({ key }) => key)).not.toContain('quoteBasket');
  expect(learned.map(({ key }) => key)).toContain('POST /checkout');
});

test('learns operations and flows of a healthy window', () => {
  const { anomalies, learned } = aggregate(healthySnapshot);
  expect(anomalies).toEqual([]);
  expect(learned.map(({ kind, key }) => `${kind} ${key}`)).toEqual(expect.arrayContaining(['baseline quoteBasket', 'flow checkout']));
});
