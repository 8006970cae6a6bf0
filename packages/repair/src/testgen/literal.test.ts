import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toLiteral } from './literal.ts';
import { fitForTest, isRedacted } from './logged-value.ts';

const style = { quote: "'" as const, indent: '  ' };

describe('toLiteral', () => {
  it('gives back the very value when it is read as code, for any value of a log', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("'" as const, '"' as const), (value, quote) => {
        const module: () => unknown = new Function(`return (${toLiteral(value as never, { quote, indent: '\t' }, '\t')});`) as never;
        expect(module()).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('never sets a prototype and hides no character', () => {
    const value = JSON.parse('{ "__proto__": { "admin": true }, "a": "\\u202e\\u200b\\u2028" }');
    const code = toLiteral(value, style);
    expect(code).toBe("{ ['__proto__']: { admin: true }, a: '\\u202e\\u200b\\u2028' }");
  });

  it('breaks long values over lines', () => {
    const code = toLiteral({ list: Array.from({ length: 6 }, (_, index) => ({ sku: `product-number-${index}` })) }, style);
    expect(code.split('\n').length).toBeGreaterThan(6);
    expect(code).toContain("\n    { sku: 'product-number-0' },\n");
  });
});

describe('fitForTest', () => {
  it('puts values that work in place of redaction marks', () => {
    expect(fitForTest({ email: '[REDACTED]', token: '<redacted:ab12>', placedAt: '[Filtered]', note: 'kept' })).toEqual({
      email: 'user@example.com',
      token: 'redacted',
      placedAt: '2026-01-15T12:00:00.000Z',
      note: 'kept',
    });
    expect(['***', '[email:9f]', 'REDACTED'].every(isRedacted)).toBe(true);
    expect(['a***', 'redaction', '[x]'].some(isRedacted)).toBe(false);
  });

  it('caps depth and size', () => {
    const deep = JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`);
    expect(JSON.stringify(fitForTest(deep)).length).toBeLessThan(40);
    expect(fitForTest('x'.repeat(5_000))).toHaveLength(2_000);
    expect(fitForTest({ list: Array.from({ length: 500 }, () => 'x'.repeat(2_000)) })).toBeUndefined();
    expect(fitForTest(undefined)).toBeUndefined();
  });
});
