import { describe, expect, it } from 'vitest';
import { parseFrameLine, parseStack } from './parse-stack.ts';

describe('parseFrameLine', () => {
  it.each([
    [
      '    at shippingLabel (file:///srv/shop/src/label.ts:20:37)',
      { function: 'shippingLabel', file: 'file:///srv/shop/src/label.ts', line: 20, column: 37 },
    ],
    ['at Object.<anonymous> (/app/a.js:1:2)', { file: '/app/a.js', line: 1, column: 2 }],
    ['at Object.handler (/app/a.js:1:2)', { function: 'handler', file: '/app/a.js', line: 1, column: 2 }],
    ['at async Cart.price (C:\\app\\src\\cart.js:3:4)', { function: 'Cart.price', file: 'C:\\app\\src\\cart.js', line: 3, column: 4 }],
    ['at new Cart (/app/cart.js:3:4)', { function: 'Cart', file: '/app/cart.js', line: 3, column: 4 }],
    ['at Cart.get [as total] (/app/cart.js:3:4)', { function: 'Cart.get', file: '/app/cart.js', line: 3, column: 4 }],
    ['at /app/a b/index.js:1:2', { file: '/app/a b/index.js', line: 1, column: 2 }],
    ['at async file:///app/index.mjs:1:2', { file: 'file:///app/index.mjs', line: 1, column: 2 }],
    ['at eval (eval at run (/app/e.js:5:6), <anonymous>:1:1)', { file: '/app/e.js', line: 5, column: 6 }],
    ['at Array.map (<anonymous>)', { function: 'Array.map', file: '<anonymous>', line: 0 }],
    ['at async Promise.all (index 0)', { function: 'Promise.all', file: 'index 0', line: 0 }],
    ['at node:internal/main:1:2', { file: 'node:internal/main', line: 1, column: 2 }],
    [
      'at POST (webpack-internal:///(rsc)/./src/r.ts:9:1)',
      { function: 'POST', file: 'webpack-internal:///(rsc)/./src/r.ts', line: 9, column: 1 },
    ],
    ['pay@https://shop.test/static/app.js:10:20', { function: 'pay', file: 'https://shop.test/static/app.js', line: 10, column: 20 }],
  ])('reads %s', (line, frame) => {
    expect(parseFrameLine(line)).toEqual(frame);
  });

  it.each(['at', 'look at this', 'at the end of the day', `at ${'('.repeat(5_000)}`, 'bob@example.com', 'at x (y)z'])(
    'reads no frame from %j',
    (line) => {
      expect(parseFrameLine(line)).toBeUndefined();
    },
  );
});

describe('parseStack', () => {
  it('reads type, message of many lines, code, frames and causes', () => {
    const stack = [
      'PaymentError [E_CARD]: declined',
      'try another card',
      '    at pay (/app/pay.js:1:2)',
      '    at run (/app/run.js:3:4) {',
      "  code: 'E_CARD',",
      '  [cause]: TypeError: no card',
      '      at card (/app/card.js:5:6)',
      '}',
    ].join('\n');
    expect(parseStack(stack)).toMatchObject({
      type: 'PaymentError',
      message: 'declined\ntry another card',
      code: 'E_CARD',
      frames: [{ function: 'pay' }, { function: 'run' }],
      cause: { type: 'TypeError', message: 'no card', frames: [{ function: 'card', file: '/app/card.js', line: 5 }] },
    });
  });

  it('reads `Caused by` chains as Java and pino write them', () => {
    const stack =
      'Error: outer\n    at a (/app/a.js:1:1)\ncaused by: Error: inner\n    at b (/app/b.js:2:2)\nCaused by: RangeError: root\n    at c (/app/c.js:3:3)';
    expect(parseStack(stack)).toMatchObject({
      message: 'outer',
      cause: { message: 'inner', cause: { type: 'RangeError', message: 'root' } },
    });
  });

  it('finds a header behind other words, and takes frames without any', () => {
    expect(parseStack('Request failed: TypeError: no x\n  at f (/a.js:1:2)')).toMatchObject({ type: 'TypeError', message: 'no x' });
    expect(parseStack('it broke\n  at f (/a.js:1:2)')).toMatchObject({ type: 'Error', message: 'it broke' });
    expect(parseStack('all is well')).toBeUndefined();
  });
});
