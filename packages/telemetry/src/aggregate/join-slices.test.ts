import type { TelemetrySlice } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { joinSlices } from './join-slices.ts';

function slice(bucketStart: number, bucketMs: number, release = 'a'): TelemetrySlice {
  return {
    release,
    bucketStart,
    bucketMs,
    events: 1,
    from: bucketStart + 1,
    to: bucketStart + 2,
    operations: [],
    errors: [],
    templates: [],
  };
}

describe('joinSlices', () => {
  it('joins by release and stretch, and aligns what it joined', () => {
    const joined = joinSlices([slice(70_000, 10_000), slice(110_000, 10_000), slice(120_000, 10_000), slice(80_000, 10_000, 'b')], 60_000);
    expect(joined.map(({ release, bucketStart, bucketMs, events }) => [release, bucketStart, bucketMs, events])).toEqual([
      ['a', 60_000, 60_000, 2],
      ['b', 60_000, 60_000, 1],
      ['a', 120_000, 60_000, 1],
    ]);
    expect(joined[0]).toMatchObject({ from: 70_001, to: 110_002 });
  });

  it('never cuts a slice that is wider, and joins it with its like alone', () => {
    const joined = joinSlices([slice(0, 600_000), slice(0, 600_000), slice(0, 10_000)], 60_000);
    expect(joined.map(({ bucketMs, events }) => [bucketMs, events]).sort()).toEqual([
      [60_000, 1],
      [600_000, 2],
    ]);
  });
});
