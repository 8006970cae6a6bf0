/** `acknowledge.ts <store options as JSON> <prefix>`: writes records for ever, two at a time, and prints each pair's number once it is stored. */
import { openStore } from '../../src/open-store.ts';
import { project } from '../sample-records.ts';

const [options = '{}', prefix = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(options));
for (let number = 0; ; number++) {
  await store.records.transaction(async (tx) => {
    await tx.put('project', project(`${prefix}-${number}-a`));
    await tx.put('project', project(`${prefix}-${number}-b`));
  });
  process.stdout.write(`${number}\n`);
}
