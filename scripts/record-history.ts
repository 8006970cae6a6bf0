/**
 * Records the histories of all seven sequences, of remediated beats, of what chains them and of a build for the replay test:
 * `node scripts/record-history.ts <temporal address> <release>` while an engine holds finished runs (`npm start`). Writes one run of each workflow type, without the names of hosts and folders, to fixtures/histories/<release>/<type>.pb.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sequences } from '@selfheal/contracts';
import { fetchHistories } from '@selfheal/temporal';

const [address, release] = process.argv.slice(2);
if (address === undefined || release === undefined) {
  process.stderr.write('usage: node scripts/record-history.ts <temporal address> <release>\n');
  process.exit(2);
}
const folder = join(import.meta.dirname, '../fixtures/histories', release);
/** Where it was recorded is nobody's business. */
const PLACES = new Map([
  [new RegExp(escaped(resolve(import.meta.dirname, '..')), 'g'), '/repo'],
  [new RegExp(`${escaped(tmpdir())}/([\\w-]+)-\\w{6}\\b`, 'g'), '/tmp/$1'],
]);
await mkdir(folder, { recursive: true });
const TYPES = [
  ...Object.keys(sequences),
  'build',
  'coordinator',
  'healIncident',
  'housekeeping',
  'sweep',
  'ingest',
  'members.check-heals',
  'orders.import-heals',
  'remediateAgain',
];
for (const { type, bytes } of await fetchHistories(address, TYPES, PLACES)) {
  await writeFile(join(folder, `${type}.pb`), bytes);
  process.stdout.write(`${type}\n`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
