import { describe, expect, it } from 'vitest';
import { assumeExponential, newTailModel, surprise } from './tail-model.ts';

/** Quantiles of an exponential distribution in a scrambled, repeatable order. */
function exponential(rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => -Math.log(1 - (((row * 7919) % rows) + 0.5) / rows));
}

describe('surprise', () => {
  it('is about -log10 of the tail probability', () => {
    const model = newTailModel();
    for (const value of exponential(10_000)) surprise(model, value);
    const expected = 7 / Math.LN10;
    expect(surprise(model, 7)).toBeGreaterThan(expected * 0.8);
    expect(surprise(model, 7)).toBeLessThan(expected * 1.2);
  });

  it('is 0 for what is not in the tail', () => {
    const model = newTailModel();
    for (const value of exponential(1000)) surprise(model, value);
    expect(surprise(model, 1)).toBe(0);
  });

  it('falls when the same thing happens again', () => {
    const model = newTailModel();
    for (const value of exponential(1000)) surprise(model, value);
    const first = surprise(model, 50);
    for (let again = 0; again < 40; again++) surprise(model, 50);
    expect(surprise(model, 50)).toBeLessThan(first / 2);
  });

  it('keeps its tail as a scan over all bins would, past the point where it forgets', () => {
    const model = newTailModel();
    for (const value of exponential(45_000)) surprise(model, value);
    const tail = model.counts.slice(model.from).reduce((sum, count) => sum + count, 0);
    expect(model.inTail).toBeCloseTo(tail, 6);
    expect(model.rows).toBeLessThanOrEqual(20_000);
    expect(tail / model.rows).toBeGreaterThanOrEqual(0.03);
  });

  it('knows what is ordinary from an assumed distribution', () => {
    const model = newTailModel();
    assumeExponential(model, 6, 200);
    expect(model.rows).toBeCloseTo(200, 6);
    expect(surprise(model, 6)).toBe(0);
    expect(surprise(model, 60)).toBeGreaterThan(2);
  });
});
