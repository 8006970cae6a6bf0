/** `ingest-until-full.ts <lake folder> <data folder>`: ingests batches until one fails; prints its code, and what can be read then. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { isSelfhealError } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { openLake } from '../../src/lake/index.ts';
import { BATCH_EVENTS, sourceEvents } from './numbered-source.ts';

const [dir = '', dataDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir });
const lake = await openLake({ dir, records: store.records });
let code = 'none';
let ingested = 0;
for (let offset = 0; offset < 500_000 && code === 'none'; offset += BATCH_EVENTS) {
  const events = sourceEvents(offset, offset + BATCH_EVENTS).map((event) => ({ ...event, text: randomBytes(600).toString('hex') }));
  try {
    await store.records.put('batch', await lake.write('p', `batch-${offset}`, events));
    ingested += events.length;
  } catch (error) {
    code = isSelfhealError(error) ? error.code : String(error);
  }
}
const readable = (await lake.events({ projectId: 'p' })).length;
const leftovers = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));
lake.close();
await store.close();
process.stdout.write(`${JSON.stringify({ code, ingested, readable, leftovers })}\n`);
