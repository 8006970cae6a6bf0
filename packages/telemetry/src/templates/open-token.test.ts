import { describe, expect, it } from 'vitest';
import { fits } from './open-token.ts';
import { ANY } from './shape.ts';

describe('fits', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['<*>', 'b', true],
    ['a<*>c', 'abc', true],
    ['a<*>a', 'a', false],
    ['a<*>b<*>c', 'axbyc', true],
    ['a<*>b<*>c', 'axyc', false],
    ['a<*>b<*>bc', 'abc', false],
  ])('%j and %j: %j', (open, word, result) => {
    expect(fits(open.replaceAll('<*>', ANY), word)).toBe(result);
  });
});
