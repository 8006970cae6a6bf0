import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bottomK } from './hash.ts';
import { LeastHashes } from './least-hashes.ts';

it('keeps what sorting all and taking the first would keep', () => {
  const samples = fc.uniqueArray(fc.tuple(fc.double({ noNaN: true, min: 0, max: 2 ** 53 }), fc.double({ noNaN: true, min: 0, max: 9 })), {
    selector: ([hash]) => hash,
    maxLength: 60,
  });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 40 }), (all, k) => {
      const least = new LeastHashes(k);
      for (const [hash, value] of all) least.add(hash, value);
      expect(least.take()).toEqual(bottomK(all, k));
      expect(least.take()).toEqual([]);
    }),
  );
});
