import { beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { trackRequested } from './trackRequested.ts';

test('passes on what is to be learned from', () => {
  const request = { projectId: 'p', incidentId: 'i', deploymentId: 'd', now: 5 };
  expect(beats.trackRequested.output.parse(trackRequested(request))).toEqual(request);
});
