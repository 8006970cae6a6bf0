import { learnedModel, modelChange } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { START } from '../testing/snapshot.ts';
import { placeKey } from './place-key.ts';
import { raiseThreshold } from './threshold.ts';
import { count, milliseconds, percent, probability, releaseName } from './words.ts';

const dismissal = { projectId: 'shop', detector: 'slow-operations', place: 'quote', why: 'known', now: START };

test('a dismissal raises the threshold by half, and can be undone', () => {
  const first = raiseThreshold(undefined, dismissal);
  expect(learnedModel.parse(first.model)).toMatchObject({ kind: 'threshold', key: 'slow-operations|quote', value: { factor: 1.5 } });
  expect(modelChange.parse(first.change)).toMatchObject({ modelId: first.model.id, after: { factor: 1.5 }, why: 'known', undone: false });
  expect(first.change).not.toHaveProperty('before');
  const second = raiseThreshold(first.model, { ...dismissal, now: START + 1, incidentId: 'inc-1' });
  expect(second.change).toMatchObject({ before: { factor: 1.5 }, after: { factor: 2.25 }, incidentId: 'inc-1' });
  expect(second.model.id).toBe(first.model.id);
  expect(second.change.id).not.toBe(first.change.id);
});

test('a place is named by what runs there', () => {
  expect(placeKey({ operation: 'POST /quote', handler: 'quote' })).toBe('POST /quote');
  expect(placeKey({ file: 'src/a.ts', function: 'f' })).toBe('f');
  expect(placeKey({ sequence: 'checkout', step: 'pay' })).toBe('checkout');
  expect(placeKey({})).toBe('anywhere');
});

test('figures read as people say them', () => {
  expect([0.05, 1.5, 123.4, 1500, 65_000].map(milliseconds)).toEqual(['0.05 ms', '1.5 ms', '123 ms', '1.5 s', '65 s']);
  expect([0, 0.05, 0.5].map(percent)).toEqual(['0 %', '5.0 %', '50 %']);
  expect([0, 1e-6, 0.02].map(probability)).toEqual(['p < 1e-12', 'p = 1e-6', 'p = 0.020']);
  expect([count(1, 'run'), count(2, 'run')]).toEqual(['1 run', '2 runs']);
  expect(['', 'a'.repeat(40), 'v1'].map(releaseName)).toEqual(['the only release seen', `release ${'a'.repeat(12)}`, 'release v1']);
});
