import { describe, expect, it } from 'vitest';
import { ShapeCache } from './shape-cache.ts';

describe('ShapeCache', () => {
  it('keeps what is asked for again, and forgets the rest', () => {
    const cache = new ShapeCache<string>(8);
    cache.set(0, 'used');
    for (let key = 1; key < 100; key += 1) {
      cache.set(key, 'passing');
      expect(cache.get(0)).toBe('used');
    }
    expect(Array.from({ length: 100 }, (_, key) => cache.get(key)).filter((value) => value !== undefined).length).toBeLessThanOrEqual(9);
  });

  it('forgets all when cleared', () => {
    const cache = new ShapeCache<string>(2);
    cache.set(1, 'a');
    cache.set(2, 'b');
    cache.clear();
    expect([cache.get(1), cache.get(2)]).toEqual([undefined, undefined]);
  });
});
