/** `count.ts <store options as JSON> <times> <name>`: counts up by update and by transaction, and lists what it did. */
import { openStore } from '../../src/open-store.ts';
import { project } from '../sample-records.ts';

const [options = '{}', times = '0', name = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(options));
await store.records.insert('project', project('counter', { createdAt: 0 }));
for (let turn = 0; turn < Number(times); turn++) {
  await store.records.update('project', 'counter', (record) => ({ ...record, createdAt: record.createdAt + 1 }));
  await store.records.transaction(async (tx) => {
    const next = await tx.count('release');
    await tx.put('release', { id: `${name}-${turn}`, projectId: 'p', name, at: next });
  });
}
await store.close();
