import { describe, expect, it } from 'vitest';
import { healExitCode } from './exit-code.ts';

const at = (status: string, more: object = {}) => ({ status, ...more });

describe('healExitCode', () => {
  it('is 2 when there is nothing to heal', () => expect(healExitCode([], undefined)).toBe(2));

  it.each(['healed', 'merged', 'inconclusive'])('is 0 when an incident is %s, whatever the others are', (status) => {
    expect(healExitCode([at('no_fix'), at('waiting_review'), at(status)], undefined)).toBe(0);
  });

  it('is 3 when a validated fix waits, before 4', () => expect(healExitCode([at('abstained'), at('waiting_review')], undefined)).toBe(3));

  it.each(['abstained', 'no_fix', 'invalid', 'failed', 'reverted', 'rejected'])('is 4 when all that happened is %s', (status) =>
    expect(healExitCode([at(status)], undefined)).toBe(4),
  );

  it.each([
    ['diagnose', { status: 'open', diagnosis: {} }, 0],
    ['diagnose', { status: 'abstained', diagnosis: {} }, 4],
    ['fix', { status: 'open', patch: {} }, 0],
    ['fix', { status: 'no_fix' }, 4],
    ['validate', { status: 'waiting_review', validation: {} }, 0],
    ['validate', { status: 'invalid', validation: {} }, 4],
    ['merge', { status: 'merged' }, 0],
    ['deploy', { status: 'waiting_review', validation: {} }, 3],
  ] as const)('with --stop-after %s tells whether that stage was reached', (stage, incident, code) =>
    expect(healExitCode([incident], stage)).toBe(code),
  );
});
