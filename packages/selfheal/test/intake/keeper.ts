/** `keeper.ts <data folder>`: reads and stores what a host hands over and removes what is stored, for ever. */
import { keepIntake } from '../../src/intake/keep-intake.ts';
import { openReader } from './reader.ts';

const [dataDir = ''] = process.argv.slice(2);
const { records, read } = await openReader(dataDir);
process.stdout.write('ready\n');
for (;;) {
  await read();
  await keepIntake(dataDir, { projectId: 'p', projectRoot: dataDir, records }, Date.now());
}
