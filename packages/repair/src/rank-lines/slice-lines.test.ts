import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { sliceLines } from './slice-lines.ts';

function slice(text: string, ran = new Set(text.split('\n').map((_, index) => index + 1))): number[] {
  return [...sliceLines(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true), ran)].sort((a, b) => a - b);
}

test('keeps what a result is computed from, with the conditions that led there', () => {
  const text = `function f(xs) {
  let sum = 0;
  let count = 0;
  for (const x of xs) {
    if (x > 1) sum += x;
    count += 1;
  }
  const label = String(count);
  return sum;
}
`;
  expect(slice(text)).toEqual([2, 4, 5, 9]);
});

test('leaves out what did not run', () => {
  const text = `function f(n) {
  let a = 1;
  if (n) {
    a = 2;
  }
  return a;
}
`;
  // Had the condition held, another value would have come back.
  expect(slice(text, new Set([1, 2, 3, 6]))).toEqual([2, 3, 6]);
  expect(slice(text)).toEqual([2, 3, 4, 6]);
});

test('follows what is added to a list, what leaves a loop early, and what callbacks return', () => {
  const text = `function f(xs) {
  const out = [];
  const seen = new Set();
  for (const x of xs) {
    if (x < 0) break;
    seen.add(x);
    out.push(x * 2);
  }
  const shown = out.map((x) => {
    const y = x + 1;
    return y;
  });
  return shown;
}
`;
  expect(slice(text)).toEqual([2, 4, 5, 7, 9, 10, 11, 13]);
});

test('keeps what others see: parameters, this, globals', () => {
  const text = `class A {
  add(list, x) {
    const unused = x;
    list.push(x);
    this.last = x;
  }
}
`;
  expect(slice(text)).toEqual([4, 5]);
});
