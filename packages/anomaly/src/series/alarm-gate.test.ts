import { describe, expect, it } from 'vitest';
import { isReported, newAlarmGate } from './alarm-gate.ts';

describe('isReported', () => {
  it('lets one alarm of a burst through, and one that is ten times less likely', () => {
    const gate = newAlarmGate();
    expect([1, 2, 2.5, 3.5, 3].map((surprise) => isReported(gate, surprise, 2))).toEqual([false, false, true, false, true]);
  });

  it('listens again after the quiet time', () => {
    const gate = newAlarmGate();
    isReported(gate, 3, 2);
    const reported = Array.from({ length: 200 }, () => isReported(gate, 2.5, 2));
    expect(reported.indexOf(false)).toBe(191);
  });
});
