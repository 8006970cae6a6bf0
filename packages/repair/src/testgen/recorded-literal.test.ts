import type { Json } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { recordedLiteral } from './recorded-literal.ts';

const STYLE = { quote: "'", indent: '  ' } as const;
const tag = (type: string, more: { [key: string]: Json } = {}): Json => ({ $type: type, ...more });

describe('recordedLiteral', () => {
  it.each<[Json, string]>([
    [{ a: 1, b: ['x'] }, "{ a: 1, b: ['x'] }"],
    [{ at: tag('Date', { value: '2026-01-02T03:04:05.000Z' }) }, "{ at: new Date('2026-01-02T03:04:05.000Z') }"],
    [tag('Map', { fields: { g: 1, "it's": tag('bigint', { value: '7' }) } }), "new Map([['g', 1], ['it\\'s', 7n]])"],
    [tag('Map', { entries: [[1, tag('undefined')]] }), 'new Map([[1, undefined]])'],
    [tag('Set', { values: [tag('number', { value: 'NaN' })] }), 'new Set([NaN])'],
    [tag('RegExp', { source: 'a/b', flags: 'g' }), "new RegExp('a/b', 'g')"],
    [tag('object', { fields: { $type: 'mine', 'a-b': tag('undefined') } }), "{ $type: 'mine', 'a-b': undefined }"],
    [tag('instance', { class: 'Order', fields: { total: tag('number', { value: '-0' }) } }), '{ total: -0 }'],
  ])('writes %j', (value, code) => {
    expect(recordedLiteral(value, STYLE)).toBe(code);
  });

  it.each(['cut', 'getter', 'proxy', 'circular', 'function', 'symbol', 'text', 'bytes', 'Error'])(
    'does not make up what is a %s',
    (type) => {
      expect(recordedLiteral({ inner: tag(type) }, STYLE)).toBeUndefined();
      expect(recordedLiteral([tag(type)], STYLE)).toBeUndefined();
    },
  );

  it('writes no code that a forged value holds', () => {
    expect(recordedLiteral(tag('bigint', { value: '1; process.exit()//' }), STYLE)).toBeUndefined();
    expect(recordedLiteral(tag('number', { value: 'process.exit()' }), STYLE)).toBeUndefined();
    expect(recordedLiteral(tag('Date', { value: "'); process.exit(('" }), STYLE)).toBe("new Date('\\'); process.exit((\\'')");
  });

  it('has no exact form for what a literal does not equal', () => {
    expect(recordedLiteral(tag('instance', { class: 'Order', fields: {} }), STYLE, true)).toBeUndefined();
    expect(recordedLiteral({ email: '<redacted:password:12345678>' }, STYLE, true)).toBeUndefined();
    expect(recordedLiteral({ text: 'x'.repeat(5_000) }, STYLE, true)).toBeUndefined();
    expect(recordedLiteral(tag('Set', { values: [1] }), STYLE, true)).toBe('new Set([1])');
  });
});
