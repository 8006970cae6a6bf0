import type { Detector } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { createDetectBehavioralAnomalies, detectBehavioralAnomalies } from './detectBehavioralAnomalies.ts';
import { faultySnapshot, healthySnapshot } from './testing/recorded-snapshots.ts';

test('finds the fault of its kind in the faulty release', () => {
  const { anomalies, considered, notes } = detectBehavioralAnomalies({ snapshot: faultySnapshot });
  expect(anomalies.map(({ details }) => (details.type === 'behavioral' ? [details.deviation, ...details.steps] : []))).toEqual([
    ['order', 'checkout.stock.reserved', 'checkout.payment.charged'],
  ]);
  expect(considered).toBeGreaterThan(0);
  expect(notes).toEqual([]);
});

test('finds nothing in the healthy release', () => {
  expect(detectBehavioralAnomalies({ snapshot: healthySnapshot }).anomalies).toEqual([]);
});

test('runs the detectors of its type that plugins bring; one that fails is noted and silences no other', () => {
  const [sample] = detectBehavioralAnomalies({ snapshot: faultySnapshot }).anomalies;
  const own: Detector = { name: 'own', type: 'behavioral', detect: () => (sample === undefined ? [] : [{ ...sample, detector: 'own' }]) };
  const broken: Detector = {
    name: 'broken',
    type: 'behavioral',
    detect: () => {
      throw new Error('no such field');
    },
  };
  const other: Detector = { ...own, name: 'other', type: 'error' };
  const { anomalies, notes } = createDetectBehavioralAnomalies([broken, other, own])({
    snapshot: { ...healthySnapshot, notes: ['window cut'] },
  });
  expect(anomalies.map(({ detector }) => detector)).toEqual(['own']);
  expect(notes).toEqual(['window cut', 'detector broken failed: no such field']);
});
