import { beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { deployRequested } from './deployRequested.ts';

test('passes on what is to be shipped, with a decision or without', () => {
  const request = { projectId: 'p', incidentId: 'i', patchId: 'a', validationId: 'v' };
  const decided = { ...request, decision: { approved: true, by: 'ann', why: 'looks right', patchHash: 'h' } };
  expect(beats.deployRequested.output.parse(deployRequested(request))).toEqual(request);
  expect(beats.deployRequested.output.parse(deployRequested(decided))).toEqual(decided);
});
