import { describe, expect, it } from 'vitest';
import { ANY, TYPED } from './shape.ts';
import { filled, isContext, slotted } from './slots.ts';

const shown = (text: string): string => text.replaceAll(ANY, '<*>');

describe('slotted', () => {
  it.each([
    ['user=ada,', 'user=<*>,', ['ada'], ['pair']],
    ['a=1;b={x,y}|c="q r"', 'a=<*>;b=<*>|c="<*>"', ['1', '{x,y}', 'q r'], ['pair', 'pair', 'pair']],
    ['(a=b)', '(a=<*>)', ['b'], ['pair']],
    ['state:open.', 'state:<*>.', ['open'], ['pair']],
    ['f("x")', 'f(<*>)', ['"x"'], ['frame']],
    ['[main]', '[<*>]', ['main'], ['frame']],
    ['"app.Cart",', '"<*>",', ['app.Cart'], ['frame']],
    ['app.Cart:', '<*>:', ['app.Cart'], ['name']],
    ['word', 'word', [], []],
    ['end.', 'end.', [], []],
    ['total......x1', 'total......x1', [], []],
  ])('parts %j into %j', (token, skeleton, values, kinds) => {
    const parts = slotted(token, false);
    expect([shown(parts.skeleton), parts.values, parts.kinds]).toEqual([skeleton, values, kinds]);
    expect(filled(parts.skeleton, parts.values)).toBe(token);
  });

  it('takes the first name of a text for what happened', () => {
    expect(slotted('app.Cart', true).values).toEqual([]);
    expect(slotted('app.Cart', false).values).toEqual(['app.Cart']);
  });
});

describe('isContext', () => {
  it.each([
    ['failed', true],
    ['user=ada', false],
    ['trace:', false],
    [TYPED, false],
    ['-', false],
  ])('of %j is %j', (token, context) => {
    expect(isContext(token)).toBe(context);
  });
});
