/** `fill.ts <data folder>`: stores records and blobs until the disk is full; prints what was stored and the codes of the errors. */
import { isSelfhealError } from '@selfheal/contracts';
import { createBlobs } from '../../src/files/blobs.ts';
import { openStore } from '../../src/open-store.ts';
import { project } from '../sample-records.ts';

const dataDir = process.argv[2] ?? '';
const store = await openStore({ dataDir });
const stored: string[] = [];
let code = 'none';
for (let number = 0; number < 5000 && code === 'none'; number++) {
  const record = project(`record-${number}`, { name: 'x'.repeat(2000) });
  await store.records.put('project', record).then(
    () => stored.push(record.id),
    (error: unknown) => {
      code = isSelfhealError(error) ? error.code : String(error);
    },
  );
}
const blobCode = await createBlobs({ dir: `${dataDir}/blobs` })
  .put('y'.repeat(60_000))
  .then(
    () => 'none',
    (error: unknown) => (isSelfhealError(error) ? error.code : String(error)),
  );
const readable = await Promise.all(stored.map((id) => store.records.get('project', id)));
await store.close();
process.stdout.write(
  `${JSON.stringify({ code, blobCode, stored: stored.length, readable: readable.filter((each) => each !== undefined).length })}\n`,
);
