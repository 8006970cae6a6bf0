/**
 * `ingest-for-ever.ts <folder>`: reads a source of numbered events from its saved offset, a batch at a time; writes the batch, and
 * commits its catalogue row with the new offset; prints the offset once it is committed.
 */
import { join } from 'node:path';
import { openStore } from '@selfheal/store';
import { openLake } from '../../src/lake/index.ts';
import { BATCH_EVENTS, sourceEvents } from './numbered-source.ts';

const folder = process.argv[2] ?? '';
const store = await openStore({ dataDir: join(folder, 'data') });
const lake = await openLake({ dir: join(folder, 'lake'), records: store.records });
for (;;) {
  const offset = (await store.records.get('sourceOffset', 'source'))?.offset ?? 0;
  const next = offset + BATCH_EVENTS;
  const batch = await lake.write('p', `source-${offset}-${next}`, sourceEvents(offset, next));
  await store.records.transaction(async (records) => {
    await records.put('batch', batch);
    await records.put('sourceOffset', {
      id: 'source',
      projectId: 'p',
      path: 'app.log',
      identity: '1',
      offset: next,
      line: next,
      updatedAt: 1,
    });
  });
  process.stdout.write(`${next}\n`);
}
