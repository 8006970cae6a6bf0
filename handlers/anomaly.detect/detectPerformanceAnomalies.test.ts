import { aggregateAnomalies } from '@selfheal/anomaly';
import type { Detector } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { createDetectPerformanceAnomalies, detectPerformanceAnomalies } from './detectPerformanceAnomalies.ts';
import { faultySnapshot, healthySnapshot } from './testing/recorded-snapshots.ts';

test('finds the fault of its kind in the faulty release', () => {
  const { anomalies, considered, notes } = detectPerformanceAnomalies({ snapshot: faultySnapshot });
  expect(anomalies.map(({ place }) => place.operation).sort()).toEqual(['POST /basket/quote', 'quoteBasket']);
  expect(considered).toBeGreaterThan(0);
  expect(notes).toEqual([]);
});

test('finds nothing in the healthy release', () => {
  expect(detectPerformanceAnomalies({ snapshot: healthySnapshot }).anomalies).toEqual([]);
});

test('runs the detectors of its type that plugins bring; one that fails is noted and silences no other', () => {
  const [sample] = detectPerformanceAnomalies({ snapshot: faultySnapshot }).anomalies;
  const own: Detector = { name: 'own', type: 'performance', detect: () => (sample === undefined ? [] : [{ ...sample, detector: 'own' }]) };
  const broken: Detector = {
    name: 'broken',
    type: 'performance',
    detect: () => {
      throw new Error('no such field');
    },
  };
  const other: Detector = { ...own, name: 'other', type: 'error' };
  const { anomalies, notes } = createDetectPerformanceAnomalies([broken, other, own])({
    snapshot: { ...healthySnapshot, notes: ['window cut'] },
  });
  expect(anomalies.map(({ detector }) => detector)).toEqual(['own']);
  expect(notes).toEqual(['window cut', 'detector broken failed: no such field']);
});

test('tells a course that changed as a finding only, and not beside what explains it', () => {
  const row = (minute: number) => ({
    start: minute * 60_000,
    calls: 50,
    errors: 0,
    typicalMs: (20 + (minute % 7)) * (minute >= 260 ? 3 : 1),
  });
  const rows = Array.from({ length: 300 }, (_, minute) => row(minute));
  const operationSeries = [{ operation: 'quoteBasket', bucketMs: 60_000, rows }];
  const { anomalies } = detectPerformanceAnomalies({ snapshot: { ...healthySnapshot, operationSeries } });
  expect(anomalies).toMatchObject([{ detector: 'unusual-series', finding: true, place: { operation: 'quoteBasket' } }]);

  const faulty = { ...faultySnapshot, operationSeries };
  const both = detectPerformanceAnomalies({ snapshot: faulty }).anomalies;
  expect(both.map(({ detector }) => detector)).toContain('unusual-series');
  const { anomalies: told, suppressed } = aggregateAnomalies(faulty, both);
  expect(told.map(({ detector }) => detector)).not.toContain('unusual-series');
  expect(suppressed.some(({ because }) => because.startsWith('quoteBasket: takes'))).toBe(true);
});
