/**
 * Records the histories of all seven sequences, of remediated beats and of what chains them for the replay test:
 * `node scripts/record-history.ts <temporal address> <release>` while an engine holds finished runs (`npm start`). Writes one run of each workflow type to fixtures/histories/<release>/<type>.pb.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sequences } from '@selfheal/contracts';
import { fetchHistories } from '@selfheal/temporal';

const [address, release] = process.argv.slice(2);
if (address === undefined || release === undefined) {
  process.stderr.write('usage: node scripts/record-history.ts <temporal address> <release>\n');
  process.exit(2);
}
const folder = join(import.meta.dirname, '../fixtures/histories', release);
await mkdir(folder, { recursive: true });
for (const { type, bytes } of await fetchHistories(address, [
  ...Object.keys(sequences),
  'coordinator',
  'healIncident',
  'housekeeping',
  'sweep',
  'ingest',
  'members.check-heals',
  'orders.import-heals',
  'remediateAgain',
])) {
  await writeFile(join(folder, `${type}.pb`), bytes);
  process.stdout.write(`${type}\n`);
}
