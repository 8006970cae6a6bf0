import type { Detector } from '@selfheal/contracts';
import { sequences } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { anomalyDetectHandlers, createAnomalyDetectHandlers } from './index.ts';
import { healthySnapshot } from './testing/recorded-snapshots.ts';

test('there is a handler for each beat of the sequence', () => {
  expect(Object.keys(anomalyDetectHandlers).sort()).toEqual(Object.keys(sequences['anomaly.detect']).sort());
});

test('detectors of plugins run beside the built-in ones, each at the beat of its type', () => {
  const asked: string[] = [];
  const types = ['performance', 'behavioral', 'coverage', 'error'] as const;
  const own = types.map(
    (type): Detector => ({
      name: type,
      type,
      detect: () => {
        asked.push(type);
        return [];
      },
    }),
  );
  const handlers = createAnomalyDetectHandlers(own);
  const input = { snapshot: healthySnapshot };
  handlers.detectErrorPatterns(input);
  handlers.detectCoverageGaps(input);
  handlers.detectBehavioralAnomalies(input);
  handlers.detectPerformanceAnomalies(input);
  expect(asked).toEqual(['error', 'coverage', 'behavioral', 'performance']);
});
