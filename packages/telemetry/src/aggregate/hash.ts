/**
 * A 53-bit hash of a text, evenly spread: two lanes of 32 bits mixed as in MurmurHash3 (Appleby, public domain). Chooses samples, so that the
 * same events give the same sample on every machine; no protection against intent is needed.
 */
export function hash53(text: string): number {
  let left = 0xdeadbeef;
  let right = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 2654435761);
    right = Math.imul(right ^ code, 1597334677);
  }
  left = Math.imul(left ^ (left >>> 16), 2246822507) ^ Math.imul(right ^ (right >>> 13), 3266489909);
  right = Math.imul(right ^ (right >>> 16), 2246822507) ^ Math.imul(left ^ (left >>> 13), 3266489909);
  return 4294967296 * (2097151 & right) + (left >>> 0);
}

/** The k smallest by hash of samples that were taken apart from each other, as one: see least-hashes.ts. */
export function bottomK(samples: readonly [number, number][], k: number): [number, number][] {
  // A stable sort leaves the last of equal hashes at the end of its run: that is the one that counts.
  const sorted = [...samples].sort(byHash);
  const least: [number, number][] = [];
  for (let index = 0; index < sorted.length && least.length < k; index += 1) {
    const sample = sorted[index];
    if (sample !== undefined && sorted[index + 1]?.[0] !== sample[0]) least.push(sample);
  }
  return least;
}

function byHash(a: readonly [number, number], b: readonly [number, number]): number {
  if (a[0] < b[0]) return -1;
  return a[0] > b[0] ? 1 : 0;
}
