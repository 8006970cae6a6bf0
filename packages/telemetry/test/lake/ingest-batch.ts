import type { Records, TelemetryEvent } from '@selfheal/contracts';
import { slicesOf } from '../../src/aggregate/slices.ts';
import { storedSliceId } from '../../src/intake/record-ids.ts';
import type { OpenLake } from '../../src/lake/index.ts';

/** Stores a batch of project `p` with its slices, as storeTelemetryDatabase does. */
export async function ingestBatch(lake: OpenLake, records: Records, batchId: string, events: readonly TelemetryEvent[]): Promise<void> {
  const batch = await lake.write('p', batchId, events);
  const slices = slicesOf(events).map((slice) => ({
    id: storedSliceId(batchId, slice),
    projectId: 'p',
    batchId,
    release: slice.release,
    bucketStart: slice.bucketStart,
    slice,
  }));
  await records.transaction(async (transaction) => {
    await transaction.put('batch', batch);
    await transaction.putAll('slice', slices);
  });
}
