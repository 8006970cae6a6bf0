import type { RegressionTest, TestResult } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { fillProbe, probedValues } from './fill-probe.ts';

const failed = (message: string): TestResult => ({ id: 'a', file: 'a', title: 'a', status: 'failed', error: { message } });
const edits = [
  { file: 'a.test.js', search: '', replace: "import x from 'x';\neq(f(), SELFHEAL_VALUE_00);\neq(g(), SELFHEAL_VALUE_01);\n" },
];
const test: RegressionTest = {
  id: 't',
  proof: 'coverage',
  runner: 'vitest',
  file: 'a.test.js',
  titles: ['a'],
  edits,
  target: { file: 'a.js', line: 1 },
  source: { events: [], description: '' },
  expectation: '',
  probe: { edits, slots: ['SELFHEAL_VALUE_00', 'SELFHEAL_VALUE_01'] },
};

describe('probedValues', () => {
  it('reads what the probe printed', () => {
    expect(probedValues(failed('Error: SELFHEAL-PROBE {"SELFHEAL_VALUE_00":{"a":"$& END"}} END'))).toEqual({
      SELFHEAL_VALUE_00: { a: '$& END' },
    });
  });

  it.each(['no probe', 'SELFHEAL-PROBE {"a": END', 'SELFHEAL-PROBE {} '])('gives nothing for %s', (message) => {
    expect(probedValues(failed(message))).toBeUndefined();
    expect(probedValues(undefined)).toBeUndefined();
  });
});

describe('fillProbe', () => {
  it('puts values as literals, and undefined where none was printed', () => {
    const filled = fillProbe(test, { SELFHEAL_VALUE_00: { a: "$& it's" } });
    expect(filled.edits[0]?.replace).toBe("import x from 'x';\neq(f(), { a: '$& it\\'s' });\neq(g(), undefined);\n");
    expect(filled).not.toHaveProperty('probe');
  });
});
