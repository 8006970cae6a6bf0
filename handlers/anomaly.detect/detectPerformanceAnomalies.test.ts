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
