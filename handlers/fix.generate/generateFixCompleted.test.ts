import { expect, it } from 'vitest';
import { fixGenerateHandlers } from './index.ts';

it('generateFixCompleted says what came out', () => {
  const found = { found: true, why: 'x', patchId: 'p', patchHash: 'h', valid: true, remaining: 2 };
  expect(fixGenerateHandlers.generateFixCompleted(found)).toEqual({
    found: true,
    patchId: 'p',
    patchHash: 'h',
    remaining: 2,
    summary: 'Fix found: x',
  });
  expect(fixGenerateHandlers.generateFixCompleted({ ...found, valid: false })).toEqual({
    found: false,
    remaining: 2,
    summary: 'No fix: the patch that was found does not compile',
  });
  expect(fixGenerateHandlers.generateFixCompleted({ found: false, why: 'nothing fits', remaining: 0 })).toEqual({
    found: false,
    remaining: 0,
    summary: 'No fix: nothing fits',
  });
});
