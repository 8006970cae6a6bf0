/** `host.ts <data folder> <first>`: hands over numbered events for ever, some alike to those before it; prints each number once it is acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@selfheal/store';
import { Intake } from '../../src/intake/intake.ts';

const [dataDir = '', first = '0'] = process.argv.slice(2);
const { records } = await openStore({ dataDir });
const owner = { projectId: 'p', projectRoot: dataDir, records };
const intake = new Intake({ dataDir, ...owner, maxBacklogBytes: 1e9, segmentBytes: 4_096 });
await intake.takeLines('host', ['host started']);
for (let number = Number(first); ; number++) {
  await intake.takeLines('host', [{ level: 'info', time: 1_790_000_000_000 + number, msg: `event ${number} ${'x'.repeat(200)}` }]);
  process.stdout.write(`${number}\n`);
  await sleep(2);
}
