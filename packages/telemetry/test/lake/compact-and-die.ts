/**
 * `compact-and-die.ts <folder> <step>`: joins all batches of the lake, and kills itself at the step: `file` (the joined file is
 * written, nothing committed), `inside` (within the transaction), `committed` (before the old files go), `never`.
 */
import { join } from 'node:path';
import type { Records } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { openLake } from '../../src/lake/index.ts';

const [folder = '', step = 'never'] = process.argv.slice(2);
const store = await openStore({ dataDir: join(folder, 'data') });
const die = (): void => process.kill(process.pid, 'SIGKILL') && undefined;
const records = new Proxy<Records>(store.records, {
  get(target, name) {
    if (name !== 'transaction') return Reflect.get(target, name).bind(target);
    return async <T>(work: (records: Records) => Promise<T>): Promise<T> => {
      if (step === 'file') die();
      const result = await target.transaction(async (transaction) => {
        const inner = await work(transaction);
        if (step === 'inside') die();
        return inner;
      });
      if (step === 'committed') die();
      return result;
    };
  },
});
const lake = await openLake({ dir: join(folder, 'lake'), records });
process.stdout.write('ready\n');
await lake.compact('p', { olderThanMs: 0, spanMs: 60_000, maxBytes: 1e8 });
lake.close();
await store.close();
