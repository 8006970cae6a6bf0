import { expect, test } from 'vitest';
import { validateRequested } from './validateRequested.ts';

test('opens the run with what it was asked', () => {
  expect(validateRequested({ projectId: 'p', incidentId: 'i', patchId: 'x' })).toEqual({ projectId: 'p', incidentId: 'i', patchId: 'x' });
});
