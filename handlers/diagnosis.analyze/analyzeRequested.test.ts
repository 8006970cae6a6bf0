import { expect, test } from 'vitest';
import { analyzeRequested } from './analyzeRequested.ts';

test('the incident is handed on', () => {
  expect(analyzeRequested({ projectId: 'shop', incidentId: 'i' })).toEqual({ projectId: 'shop', incidentId: 'i' });
});
