import { expect, it } from 'vitest';
import { fixGenerateHandlers } from './index.ts';

it('generateFixRequested gives defaults', () => {
  const request = { projectId: 'p', incidentId: 'i', diagnosisId: 'd' };
  expect(fixGenerateHandlers.generateFixRequested(request)).toEqual({ ...request, barred: [] });
  expect(fixGenerateHandlers.generateFixRequested({ ...request, barred: ['a', 'a'] }).barred).toEqual(['a']);
});
