import type { RegressionTest, TestResult } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { failsForTheRightReason, showsError } from './failure-reason.ts';

const test = (reproduces?: RegressionTest['reproduces']): RegressionTest => ({
  id: 't',
  proof: reproduces ? 'reproduction' : 'growth',
  runner: 'vitest',
  file: 'a.test.ts',
  titles: ['a'],
  edits: [],
  target: { file: 'a.ts', line: 1 },
  source: { events: [], description: '' },
  expectation: '',
  ...(reproduces ? { reproduces } : {}),
});
const failed = (message: string): TestResult => ({ id: 'a', file: 'a.test.ts', title: 'a', status: 'failed', error: { message } });
const message = "Cannot read properties of undefined (reading 'country')";

describe('failsForTheRightReason', () => {
  it.each([
    message,
    `Got unwanted exception.\nActual message: "${message}"`,
    "expected [Function] to not throw an error but 'TypeError: Cannot read properties of …' was thrown",
  ])('takes the error of production: %s', (text) => {
    expect(failsForTheRightReason(test({ type: 'TypeError', message }), failed(text))).toBe(true);
  });

  it.each([
    "Cannot find module './x.js'",
    'ReferenceError: foo is not defined',
    "expected null to be 'x'",
    "Cannot read properties of undefined (reading 'city')",
    'SyntaxError: The requested module does not provide an export named x',
  ])('refuses another one: %s', (text) => {
    expect(failsForTheRightReason(test({ type: 'TypeError', message }), failed(text))).toBe(false);
  });

  it('wants an assertion to fail where no error is reproduced', () => {
    expect(failsForTheRightReason(test(), failed('AssertionError [ERR_ASSERTION]: one wait at a time'))).toBe(true);
    expect(failsForTheRightReason(test(), failed('expected 1 to be less than or equal to 0'))).toBe(true);
    expect(failsForTheRightReason(test(), failed('TypeError: x is not a function'))).toBe(false);
    expect(failsForTheRightReason(test(), { ...failed(''), status: 'passed' })).toBe(false);
  });
});

describe('showsError', () => {
  it('sees through values that differ', () => {
    expect(showsError('no order 17 in store eu', 'no order 23 in store us')).toBe(true);
    expect(showsError(`Unexpected token 'b', "broken" is not valid JSON`, `Unexpected token 'o', "oops" is not valid JSON`)).toBe(true);
  });
});
