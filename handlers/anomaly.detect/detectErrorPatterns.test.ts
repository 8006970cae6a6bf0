import type { Detector } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { createDetectErrorPatterns, detectErrorPatterns } from './detectErrorPatterns.ts';
import { faultySnapshot, healthySnapshot } from './testing/recorded-snapshots.ts';

test('finds the fault of its kind in the faulty release', () => {
  const { anomalies, considered, notes } = detectErrorPatterns({ snapshot: faultySnapshot });
  expect(anomalies.map(({ place, metrics }) => [place.file, place.function, metrics.count])).toEqual([
    ['src/shipping/label.ts', 'shippingLabel', 9],
  ]);
  expect(considered).toBeGreaterThan(0);
  expect(notes).toEqual([]);
});

test('finds nothing in the healthy release', () => {
  expect(detectErrorPatterns({ snapshot: healthySnapshot }).anomalies).toEqual([]);
});

test('runs the detectors of its type that plugins bring; one that fails is noted and silences no other', () => {
  const [sample] = detectErrorPatterns({ snapshot: faultySnapshot }).anomalies;
  const own: Detector = { name: 'own', type: 'error', detect: () => (sample === undefined ? [] : [{ ...sample, detector: 'own' }]) };
  const broken: Detector = {
    name: 'broken',
    type: 'error',
    detect: () => {
      throw new Error('no such field');
    },
  };
  const other: Detector = { ...own, name: 'other', type: 'coverage' };
  const { anomalies, notes } = createDetectErrorPatterns([broken, other, own])({ snapshot: { ...healthySnapshot, notes: ['window cut'] } });
  expect(anomalies.map(({ detector }) => detector)).toEqual(['own']);
  expect(notes).toEqual(['window cut', 'detector broken failed: no such field']);
});
