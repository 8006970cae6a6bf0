/** `host.ts <data folder> <first>`: hands over numbered events for ever, some alike to those before it; prints each number once it is acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { appendToIntake } from '../../src/intake/intake.ts';

const [dataDir = '', first = '0'] = process.argv.slice(2);
await appendToIntake(dataDir, ['host started']);
for (let number = Number(first); ; number++) {
  await appendToIntake(dataDir, [{ level: 'info', time: 1_790_000_000_000 + number, msg: `event ${number} ${'x'.repeat(200)}` }]);
  process.stdout.write(`${number}\n`);
  await sleep(2);
}
